import { createHash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import { canonicalJson, CordonError, errorCode } from '@cordon/foundation'
import { z } from 'zod'

import type { ConnectErrorCode } from '../core/error-code.ts'
import { parseJson } from '../core/mcp/client-message.ts'

/** What was before an import, beside the configuration; one for each import that is not undone. */
export interface Backup {
  readonly path: string
  readonly bytes: Buffer
  /** Tool servers that the import suggested to an operator. */
  readonly suggested: readonly string[]
  /** @returns false where the file has something in it that the import did not write */
  isAsImported(bytes: Buffer): boolean
  remove(): Promise<void>
}

const suffix = '.cordon-backup-'

/** What an import did. */
export interface Imported {
  readonly before: Buffer
  readonly after: Buffer
  readonly suggested: readonly string[]
}

/** @returns where it is */
export const keepBackup = async (file: string, { before, after, suggested }: Imported): Promise<string> => {
  const path = `${file}${suffix}${((await numbersOf(file)).at(-1) ?? 0) + 1}`
  // Never over another one: that would be the only copy of what was before.
  await writeFile(path, before, { mode: 0o600, flag: 'wx', flush: true })
  const record = JSON.stringify({ digests: digestsOf(after), suggested })
  await writeFile(recordFileOf(path), `${record}\n`, { mode: 0o600, flag: 'wx' })
  return path
}

/** Of the last import that is not undone. @throws CordonError `BACKUP_MISSING` */
export const lastBackup = async (file: string): Promise<Backup> => {
  const number = (await numbersOf(file)).at(-1)
  const path = `${file}${suffix}${number}`
  const record = number === undefined ? undefined : await readRecord(recordFileOf(path))
  if (record === undefined)
    throw new CordonError<ConnectErrorCode>(
      'BACKUP_MISSING',
      `${file}: expected a backup of an import beside it, got none`,
    )
  return {
    path,
    bytes: await readFile(path),
    suggested: record.suggested,
    isAsImported: bytes => digestsOf(bytes).some(digest => record.digests.includes(digest)),
    remove: async () => {
      await rm(path)
      await rm(recordFileOf(path))
    },
  }
}

const recordFileOf = (path: string): string => `${path}.json`

/** Of the bytes, and of what they say: a client that writes its configuration anew changes only how it is written. */
const digestsOf = (bytes: Buffer): readonly string[] => {
  const value = parseJson(bytes.toString('utf8'))
  return [sha256(bytes), ...(value === undefined ? [] : [`json-${sha256(canonicalJson(value))}`])]
}

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex')

const numbersOf = async (file: string): Promise<readonly number[]> => {
  const start = basename(file) + suffix
  const names = await readdir(dirname(join(file)))
  return names
    .filter(name => name.startsWith(start) && /^\d{1,6}$/.test(name.slice(start.length)))
    .map(name => Number(name.slice(start.length)))
    .sort((a, b) => a - b)
}

const recordSchema = z.strictObject({ digests: z.array(z.string()), suggested: z.array(z.string()) })

/** `undefined` where there is none that an import wrote. */
const readRecord = async (path: string): Promise<z.infer<typeof recordSchema> | undefined> => {
  try {
    return recordSchema.safeParse(parseJson(await readFile(path, 'utf8'))).data
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
