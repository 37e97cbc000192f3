import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

import { z } from 'zod'

import { parseJson } from '../core/mcp/client-message.ts'
import type { LogInStore } from '../ports.ts'

const schema = z.strictObject({ provider: z.string(), idToken: z.string().min(1), expiresAt: z.number() })

/** Keeps a log-in in a file that only its owner may read, for the processes of one profile. */
export const createLogInFile = (path: string, provider: string): LogInStore => ({
  read: async () => {
    if (!(await isPrivate(path))) return undefined
    const parsed = schema.safeParse(parseJson(await readFile(path, 'utf8')))
    // Of another provider, or not ours: as good as none.
    if (!parsed.success || parsed.data.provider !== provider) return undefined
    const { idToken, expiresAt } = parsed.data
    return { idToken, expiresAt }
  },
  write: async logIn => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const draft = `${path}.${randomUUID()}`
    await writeFile(draft, JSON.stringify({ provider, ...logIn }), { mode: 0o600 })
    await rename(draft, path)
  },
  clear: () => rm(path, { force: true }),
})

const isPrivate = async (path: string): Promise<boolean> => {
  try {
    const { mode, uid } = await stat(path)
    // Where another user could have written it, it would say who this one is.
    return process.platform === 'win32' || ((mode & 0o077) === 0 && uid === process.getuid?.())
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
