import type { KeyObject } from 'node:crypto'
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { link, readFile, unlink, writeFile } from 'node:fs/promises'

import { CordonError } from '@cordon/foundation'

/** HMAC-SHA-256 gains nothing from a longer key. */
const keyBytes = 32

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

const readAfterCreating = async (path: string): Promise<string> => {
  // Linked into place whole: of several engines that start together one makes the key, and none reads half of it.
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, `${randomBytes(keyBytes).toString('base64url')}\n`, { mode: 0o600 })
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

/**
 * The key under which entities become fingerprints: 32 bytes in base64url. Made where the file is missing; engines on other
 * machines need a copy, or what one of them saw means nothing to the others.
 * @throws CordonError `FINGERPRINT_KEY_INVALID`
 */
export const openFingerprintKey = async (path: string): Promise<KeyObject> => {
  const text = (await readWhereThere(path)) ?? (await readAfterCreating(path))
  const key = Buffer.from(text.trim(), 'base64url')
  if (key.length === keyBytes) return createSecretKey(key)
  throw new CordonError(
    'FINGERPRINT_KEY_INVALID',
    `fingerprint key ${path}: expected ${keyBytes} bytes in base64url, got ${key.length}`,
  )
}
