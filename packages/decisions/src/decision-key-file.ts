import { randomBytes, randomUUID } from 'node:crypto'
import { link, readFile, stat, unlink, writeFile } from 'node:fs/promises'

import { CordonError } from '@cordon/foundation'

import { openDecisionSigner, type DecisionErrorCode, type DecisionSigner } from './decision-key.ts'
import { seedBytes } from './ed25519.ts'

const ownerOnly = 0o600

/**
 * The scorer's key in a file: 32 bytes in base64url. Made where the file is missing; scorers of one group need the same.
 * @throws CordonError `DECISION_KEY_INVALID`, or `DECISION_KEY_EXPOSED` where others may read it
 */
export const openDecisionKeyFile = async (path: string): Promise<DecisionSigner> => {
  await createWhereMissing(path)
  await requirePrivate(path)
  const seed = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64url')
  if (seed.length === seedBytes) return openDecisionSigner(seed)
  throw new CordonError<DecisionErrorCode>(
    'DECISION_KEY_INVALID',
    `decision key ${path}: expected ${seedBytes} bytes in base64url, got ${seed.length}`,
  )
}

// Linked into place whole: of several scorers that start together one makes the key, and none reads half of it.
const createWhereMissing = async (path: string): Promise<void> => {
  if (await exists(path)) return
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, `${randomBytes(seedBytes).toString('base64url')}\n`, {
    mode: ownerOnly,
    flush: true,
  })
  try {
    await link(draft, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
}

const exists = async (path: string): Promise<boolean> => {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

const requirePrivate = async (path: string): Promise<void> => {
  const mode = (await stat(path)).mode & 0o777
  if (process.platform === 'win32' || (mode & 0o077) === 0) return
  throw new CordonError<DecisionErrorCode>(
    'DECISION_KEY_EXPOSED',
    `decision key ${path}: expected mode 0600, got 0${mode.toString(8)}: whoever reads it can set any standing`,
  )
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
