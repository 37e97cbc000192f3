import { randomUUID } from 'node:crypto'
import { chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'

import { CordonError } from '@cordon/foundation'

import type { ConnectErrorCode } from '../core/error-code.ts'

const ownerOnly = 0o600

/** The bytes of a client's configuration. @throws CordonError `CLIENT_CONFIG_UNREADABLE` */
export const readConfigFile = async (
  path: string,
): Promise<{ readonly file: string; readonly bytes: Buffer }> => {
  try {
    // Where it is a link, what it leads to is what is written.
    const file = await realpath(path)
    return { file, bytes: await readFile(file) }
  } catch (error) {
    throw unreadable(path, faultInWords(error))
  }
}

/** As text that has the same bytes again. @throws CordonError `CLIENT_CONFIG_INVALID` */
export const decodeConfig = (path: string, bytes: Buffer): string => {
  const text = bytes.toString('utf8')
  if (Buffer.from(text).equals(bytes)) return text
  throw new CordonError<ConnectErrorCode>('CLIENT_CONFIG_INVALID', `${path}: expected UTF-8, got other bytes`)
}

/**
 * The mode of a client's configuration.
 * @throws CordonError `CLIENT_CONFIG_READ_ONLY` where its owner may not write it, or where another name of it would keep what was before
 */
export const writableMode = async (file: string): Promise<number> => {
  const { mode, nlink } = await stat(file)
  // Asked of the mode, since root may write everything.
  if ((mode & 0o200) === 0) throw readOnly(file, `mode 0${(mode & 0o777).toString(8)}`)
  if (nlink > 1) throw readOnly(file, `one with ${nlink} hard links`)
  return mode & 0o777
}

/** Puts the new bytes in place whole, or not at all. */
export const replaceFile = async (file: string, bytes: Buffer | string, mode: number): Promise<void> => {
  const draft = `${file}.${randomUUID()}`
  try {
    await writeFile(draft, bytes, { mode: ownerOnly, flag: 'wx', flush: true })
    // Not by writeFile, which leaves out what the process's umask says.
    await chmod(draft, mode)
    await rename(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
}

/** Of the codes of the system those that a human brings about by a wrong path. */
const words: Readonly<Record<string, string>> = {
  ENOENT: 'none: there is no such file',
  ENOTDIR: 'none: part of the path is no directory',
  EISDIR: 'a directory',
  EACCES: 'one that this user may not read',
}

const faultInWords = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'another fault'
  return words[code] ?? code
}

const readOnly = (file: string, got: string): CordonError<ConnectErrorCode> =>
  new CordonError(
    'CLIENT_CONFIG_READ_ONLY',
    `${file}: expected a file of its own that may be written, got ${got}`,
  )

const unreadable = (path: string, got: string): CordonError<ConnectErrorCode> =>
  new CordonError('CLIENT_CONFIG_UNREADABLE', `${path}: expected a file that can be read, got ${got}`)
