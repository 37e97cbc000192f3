import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { CordonError, errorCode } from '@cordon/foundation'
import { readOwnerFile, removeDrafts, replaceOwnerFile } from '@cordon/owner-files'
import { z } from 'zod'

import type { ConnectErrorCode } from '../core/error-code.ts'
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
  lastLogOut: () => lastLogOut(path),
  write: async (logIn, since) => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await removeDrafts(path, 'abandoned')
    const requireNoLogOut = async (): Promise<void> => {
      if ((await lastLogOut(path)) !== since) throw loggedOut()
    }
    try {
      // Once it is written: a log-out after that finds it, under this name or that.
      await replaceOwnerFile(path, JSON.stringify({ provider, ...logIn }), requireNoLogOut)
    } catch (error) {
      if (errorCode(error) === 'ENOENT') await requireNoLogOut()
      throw error
    }
  },
  clear: async () => {
    await rm(path, { force: true })
  },
  logOut: async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    // In this order: whoever did not see the mark has a draft there, or has put it in place.
    await writeFile(logOutMark(path), randomUUID(), { mode: 0o600, flush: true })
    const drafts = await removeDrafts(path, 'all')
    try {
      await unlink(path)
      return true
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return drafts > 0
      throw error
    }
  },
})

/** Beside the log-in: holds nothing but a name for the last log-out. */
const logOutMark = (path: string): string => join(dirname(path), 'log-out')

const lastLogOut = async (path: string): Promise<string> => {
  try {
    return await readFile(logOutMark(path), 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  }
}

const loggedOut = (): CordonError<ConnectErrorCode> =>
  new CordonError<ConnectErrorCode>(
    'LOGGED_OUT',
    'log-in: expected no log-out while it was under way, got one; it is not kept, log in again',
    { retryable: true },
  )

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
