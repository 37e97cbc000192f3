import { randomUUID } from 'node:crypto'
import { link, readFile, stat, unlink, writeFile } from 'node:fs/promises'

import { AgentClientError } from './agent-client-error.ts'

const ownerOnly = 0o600

/**
 * A secret that lives in a file, made where the file is missing.
 * @throws AgentClientError `ATTESTER_KEY_EXPOSED` where others may read it
 */
export const readOwnerFile = async (path: string, make: () => string): Promise<string> => {
  if (!(await exists(path))) await createWhole(path, make())
  const mode = (await stat(path)).mode & 0o777
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new AgentClientError(
      'ATTESTER_KEY_EXPOSED',
      `attester key ${path}: expected mode 0600, got 0${mode.toString(8)}: whoever reads it can vouch for any code`,
    )
  return readFile(path, 'utf8')
}

// Linked into place whole: of several that start together one makes it, and none reads half of it.
const createWhole = async (path: string, text: string): Promise<void> => {
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, text, { mode: ownerOnly, flush: true })
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

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
