import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { ReleasedSchema } from './compatibility.ts'
import type { RecordName } from './generated/records.ts'

const releasedFolder = fileURLToPath(new URL('../released', import.meta.url))

/** All released versions of a record's schema, oldest first: `released/session-opened/1.avsc`, … */
export const readReleased = (record: RecordName): ReleasedSchema[] => {
  const folder = folderOf(record)
  return listFiles(folder)
    .map(file => ({ version: Number.parseInt(file, 10), schema: readFileSync(join(folder, file), 'utf8') }))
    .sort((a, b) => a.version - b.version)
}

/** Adds a version. Released files never change. */
export const writeReleased = (record: RecordName, { version, schema }: ReleasedSchema): void => {
  const folder = folderOf(record)
  mkdirSync(folder, { recursive: true })
  const text = `${JSON.stringify(JSON.parse(schema), null, 2)}\n`
  writeFileSync(join(folder, `${version}.avsc`), text, { flag: 'wx' })
}

const folderOf = (record: RecordName): string =>
  join(releasedFolder, record.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase())

const listFiles = (folder: string): string[] => {
  try {
    return readdirSync(folder).filter(file => /^[1-9]\d*\.avsc$/.test(file))
  } catch (error) {
    // A record that was never released has no folder.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
