import { basename, dirname, join, resolve } from 'node:path'

import { type AgentId, CordonError, parseAgentId } from '@cordon/foundation'
import { type OwnerFile, readOwnerFile } from '@cordon/owner-files'
import { z } from 'zod'

import type { ConnectErrorCode } from './core/error-code.ts'

/** Which agent this is, and which Cordon it goes through. */
export interface Profile {
  /** Absolute. */
  readonly file: string
  /** Of what belongs to the profile beside the file: socket, lock, log-in. */
  readonly folder: string
  readonly identity: string
  readonly provider: string
  readonly proxy: string
  readonly platform: string
  readonly agent: AgentId
  readonly tools: readonly string[]
  readonly attester: { readonly name: string; readonly keyFile: string }
  readonly codeFile: string | undefined
  readonly conversation: string | undefined
  /** Where a human who logs in at a terminal finds the password. */
  readonly passwordsFile: string | undefined
}

/** What the environment says about where the human sits. */
export interface Seat {
  /** A browser that is started here is seen by somebody. */
  readonly hasBrowser: boolean
}

const url = z.url({ protocol: /^https?$/, error: 'expected an http(s) URL' })
const text = z.string().min(1).max(1024)

const schema = z.strictObject({
  identity: url,
  provider: url,
  proxy: url,
  platform: text,
  agent: text,
  tools: z
    .array(
      z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}\/\S+$/, { error: 'expected "server/tool" or "server/*"' }),
    )
    .min(1),
  attester: z.strictObject({ name: text, keyFile: text }),
  codeFile: text.optional(),
  conversation: text.optional(),
  passwordsFile: text.optional(),
})

/**
 * Paths in a profile count from its own folder.
 * @throws CordonError `PROFILE_UNREADABLE`, `PROFILE_EXPOSED`, `PROFILE_INVALID`
 */
export const readProfile = async (path: string): Promise<Profile> => {
  const file = resolve(path)
  const parsed = schema.safeParse(parseJson(await readText(file), file))
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: at, message }) => `  ${at.join('.')}: ${message}`)
    throw failure('PROFILE_INVALID', [`profile ${file}: expected another form`, ...problems].join('\n'))
  }
  const { data } = parsed
  const home = dirname(file)
  return {
    ...data,
    file,
    folder: join(home, `${basename(file, '.json')}.d`),
    identity: withoutSlash(data.identity),
    proxy: withoutSlash(data.proxy),
    agent: parseAgentId(data.agent),
    attester: { name: data.attester.name, keyFile: resolve(home, data.attester.keyFile) },
    codeFile: data.codeFile === undefined ? undefined : resolve(home, data.codeFile),
    conversation: data.conversation,
    passwordsFile: data.passwordsFile === undefined ? undefined : resolve(home, data.passwordsFile),
  }
}

/** @param environment as a desktop or a terminal sets it */
export const readSeat = (environment: Readonly<Record<string, string | undefined>>): Seat => {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== ''
  if (isSet('SSH_CONNECTION') || isSet('SSH_TTY')) return { hasBrowser: false }
  return { hasBrowser: process.platform === 'darwin' || isSet('DISPLAY') || isSet('WAYLAND_DISPLAY') }
}

/** As much as identity takes. */
const maxIntentBytes = 64 * 1024

/**
 * What the human asked for, in a file of whoever starts this process.
 * @throws CordonError `INTENT_UNREADABLE`, `INTENT_EXPOSED`, `INTENT_INVALID`
 */
export const readDeclaredIntent = async (path: string): Promise<string> => {
  const file = resolve(path)
  const reason = 'whoever writes it chooses what the human asked for'
  const words = (await readOwnerFile({ path: file, name: 'declared intent', code: 'INTENT', reason })).trim()
  const bytes = Buffer.byteLength(words)
  // Put by the decoder where bytes are no UTF-8.
  const isText = words !== '' && !words.includes('\u{fffd}')
  if (isText && bytes <= maxIntentBytes) return words
  const got = bytes > maxIntentBytes ? `${bytes} bytes` : words === '' ? 'none' : 'other bytes'
  throw failure(
    'INTENT_INVALID',
    `declared intent ${file}: expected text in UTF-8 of at most ${maxIntentBytes} bytes, got ${got}`,
  )
}

const readText = async (file: string): Promise<string> => {
  try {
    return await readOwnerFile(profileFile(file))
  } catch (error) {
    if (!(error instanceof CordonError && error.code === 'PROFILE_UNREADABLE')) throw error
    const hint = '"cordon up" writes one for the stack that it brings up'
    throw new CordonError(error.code, `${error.message}; ${hint}`, { cause: error })
  }
}

const profileFile = (path: string): OwnerFile => ({
  path,
  name: 'profile',
  code: 'PROFILE',
  reason: 'whoever writes it chooses where the human’s tokens go',
})

const parseJson = (json: string, file: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    throw failure('PROFILE_INVALID', `profile ${file}: expected JSON, got other text`)
  }
}

const withoutSlash = (address: string): string => address.replace(/\/$/, '')

const failure = (code: ConnectErrorCode, message: string): CordonError<ConnectErrorCode> =>
  new CordonError(code, message)
