import { randomUUID } from 'node:crypto'
import { readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'

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
    throw unreadable(path, error instanceof Error && 'code' in error ? String(error.code) : 'another fault')
  }
}

/** As text that has the same bytes again. @throws CordonError `CLIENT_CONFIG_INVALID` */
export const decodeConfig = (path: string, bytes: Buffer): string => {
  const text = bytes.toString('utf8')
  if (Buffer.from(text).equals(bytes)) return text
  throw new CordonError<ConnectErrorCode>('CLIENT_CONFIG_INVALID', `${path}: expected UTF-8, got other bytes`)
}

/** Puts the new bytes in place whole, or not at all; the file's mode stays. */
export const replaceFile = async (file: string, bytes: Buffer | string): Promise<void> => {
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, bytes, { mode: await modeOf(file), flush: true })
  await rename(draft, file)
}

const modeOf = async (file: string): Promise<number> => {
  try {
    return (await stat(file)).mode & 0o777
  } catch {
    // It is not there yet; what is in such files is for their owner.
    return ownerOnly
  }
}

const unreadable = (path: string, got: string): CordonError<ConnectErrorCode> =>
  new CordonError('CLIENT_CONFIG_UNREADABLE', `${path}: expected a file that can be read, got ${got}`)
