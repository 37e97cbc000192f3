import { randomBytes, randomUUID } from 'node:crypto'
import { link, open, readFile, stat, unlink } from 'node:fs/promises'

import { IdentityError } from '../../identity-error.ts'

const ownerOnly = 0o600
const keyBytes = 32

/**
 * The key that signing keys are sealed with, in a file, made with mode 0600 where there is none. Whoever has a copy of the database
 * has no signing key without it.
 * @returns 32 bytes
 * @throws IdentityError where the file cannot be read, holds another thing, or others may read it
 */
export const openSealingKeyFile = async (file: string): Promise<Buffer> => {
  if (!(await exists(file))) await create(file)
  await requirePrivate(file)
  const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64url')
  if (key.length === keyBytes) return key
  throw new IdentityError(
    'KEY_FILE_INVALID',
    `key file ${file}: expected ${keyBytes} bytes in base64url, got something else`,
  )
}

const exists = async (file: string): Promise<boolean> => {
  try {
    await stat(file)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw unreadable(file, error)
  }
}

// Written under another name first: the key file is whole or not there, and never replaces one that appeared meanwhile.
const create = async (file: string): Promise<void> => {
  const draft = `${file}.${randomUUID()}`
  try {
    const handle = await open(draft, 'wx', ownerOnly)
    try {
      await handle.writeFile(`${randomBytes(keyBytes).toString('base64url')}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    try {
      await link(draft, file)
    } finally {
      await unlink(draft)
    }
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw unreadable(file, error)
  }
}

const requirePrivate = async (file: string): Promise<void> => {
  const mode = (await stat(file)).mode & 0o777
  if (process.platform === 'win32' || (mode & 0o077) === 0) return
  throw new IdentityError(
    'KEY_FILE_EXPOSED',
    `key file ${file}: expected mode 0600, got 0${mode.toString(8)}: whoever reads it can be anybody`,
  )
}

const unreadable = (file: string, cause: unknown): IdentityError =>
  new IdentityError(
    'KEY_FILE_UNREADABLE',
    `key file ${file}: expected one that can be read or made, got ${codeOf(cause)}`,
    { cause },
  )

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'another failure'

const hasCode = (error: unknown, code: string): boolean => codeOf(error) === code
