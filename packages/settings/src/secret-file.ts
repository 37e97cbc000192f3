import { randomBytes, randomUUID } from 'node:crypto'
import { link, readFile, stat, unlink, writeFile } from 'node:fs/promises'

import { CordonError } from '@cordon/foundation'

const ownerOnly = 0o600

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

const readAfterCreating = async (path: string, bytes: number): Promise<string> => {
  // Linked into place whole: of several services that start together one makes the key, and none reads half of it.
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, `${randomBytes(bytes).toString('base64url')}\n`, { mode: ownerOnly, flush: true })
  try {
    await link(draft, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
  return readFile(path, 'utf8')
}

const readWhereThere = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

const requirePrivate = async (path: string, { name, code }: SecretFile): Promise<void> => {
  const mode = (await stat(path)).mode & 0o777
  if (process.platform === 'win32' || (mode & 0o077) === 0) return
  throw new CordonError(
    `${code}_EXPOSED`,
    `${name} ${path}: expected mode 0600, got 0${mode.toString(8)}: others may read it`,
  )
}

export interface SecretFile {
  /** For messages. */
  readonly name: string
  /** Begins the codes of its errors. */
  readonly code: string
  readonly bytes: number
  /** Whoever reads it can do what only this process may: then a file that others may read is refused. */
  readonly isPrivate: boolean
}

/**
 * Random bytes in base64url. Made where the file is missing, for the owner alone.
 * @throws CordonError `<code>_INVALID`, `<code>_EXPOSED`
 */
export const openSecretFile = async (path: string, secret: SecretFile): Promise<Buffer> => {
  const text = (await readWhereThere(path)) ?? (await readAfterCreating(path, secret.bytes))
  if (secret.isPrivate) await requirePrivate(path, secret)
  const key = Buffer.from(text.trim(), 'base64url')
  if (key.length === secret.bytes) return key
  throw new CordonError(
    `${secret.code}_INVALID`,
    `${secret.name} ${path}: expected ${secret.bytes} bytes in base64url, got ${key.length}`,
  )
}
