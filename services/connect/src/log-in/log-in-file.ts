import { mkdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { CordonError, errorCode } from '@cordon/foundation'
import { readOwnerFile, replaceOwnerFile } from '@cordon/owner-files'
import { z } from 'zod'

import { parseJson } from '../core/mcp/client-message.ts'
import type { LogInStore } from '../ports.ts'

const schema = z.strictObject({
  provider: z.string(),
  idToken: z.string().min(1),
  expiresAt: z.number(),
  key: z
    .string()
    .regex(/^[\w-]{43}$/)
    .optional(),
})

const code = 'LOG_IN_FILE'

/** @param folder of a profile */
export const logInFileIn = (folder: string): string => join(folder, 'log-in.json')

/** Keeps a log-in in a file that only its owner may read, for the processes of one profile. */
export const createLogInFile = (path: string, provider: string): LogInStore => ({
  read: async () => {
    const text = await readPrivate(path)
    if (text === undefined) return undefined
    const parsed = schema.safeParse(parseJson(text))
    // Of another provider, or not ours: as good as none.
    if (!parsed.success || parsed.data.provider !== provider) return undefined
    const { idToken, expiresAt, key } = parsed.data
    return { idToken, expiresAt, ...(key !== undefined && { key }) }
  },
  write: async logIn => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await replaceOwnerFile(path, JSON.stringify({ provider, ...logIn }))
  },
  clear: async () => {
    try {
      await unlink(path)
      return true
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false
      throw error
    }
  },
})

/** @returns undefined where it is missing, or another user could have written it: then it would say who this one is */
const readPrivate = async (path: string): Promise<string | undefined> => {
  try {
    return await readOwnerFile({ path, name: 'log-in', code, reason: 'whoever reads it can be this human' })
  } catch (error) {
    if (errorCode(error) === `${code}_EXPOSED`) return undefined
    if (error instanceof CordonError && errorCode(error.cause) === 'ENOENT') return undefined
    throw error
  }
}
