import { createHash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import { canonicalJson, CordonError } from '@cordon/foundation'

import type { ConnectErrorCode } from '../core/error-code.ts'
import { parseJson } from '../core/mcp/client-message.ts'

/** What was before an import, beside the configuration; one for each import that is not undone. */
export interface Backup {
  readonly path: string
  readonly bytes: Buffer
  /** @returns false where the file has something in it that the import did not write */
  isAsImported(bytes: Buffer): boolean
  remove(): Promise<void>
}

const suffix = '.cordon-backup-'

/** @returns where it is */
export const keepBackup = async (file: string, before: Buffer, after: Buffer): Promise<string> => {
  const path = `${file}${suffix}${((await numbersOf(file)).at(-1) ?? 0) + 1}`
  // Never over another one: that would be the only copy of what was before.
  await writeFile(path, before, { mode: 0o600, flag: 'wx', flush: true })
  await writeFile(digestFileOf(path), `${digestsOf(after).join(' ')}\n`, { mode: 0o600, flag: 'wx' })
  return path
}

/** Of the last import that is not undone. @throws CordonError `BACKUP_MISSING` */
export const lastBackup = async (file: string): Promise<Backup> => {
  const number = (await numbersOf(file)).at(-1)
  const path = `${file}${suffix}${number}`
  const digests = number === undefined ? undefined : await readText(digestFileOf(path))
  if (digests === undefined)
    throw new CordonError<ConnectErrorCode>(
      'BACKUP_MISSING',
      `${file}: expected a backup of an import beside it, got none`,
    )
  const imported = digests.trim().split(' ')
  return {
    path,
    bytes: await readFile(path),
    isAsImported: bytes => digestsOf(bytes).some(digest => imported.includes(digest)),
    remove: async () => {
      await rm(path)
      await rm(digestFileOf(path))
    },
  }
}

const digestFileOf = (path: string): string => `${path}.sha256`

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

const readText = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
