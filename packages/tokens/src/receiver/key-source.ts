import { errorCode } from '@cordon/foundation'

import { type KeySet, parseKeySet } from '../key-set.ts'
import { fetchText } from './bounded-fetch.ts'

/** Whose signatures count: a JWK set at a URL, or one that stands here. */
export type KeySource = { readonly url: string } | { readonly keys: readonly unknown[] }

/** The keys of a source. Times are milliseconds since the Unix epoch. */
export interface HeldKeys {
  /** Fetched where none are held or they are old. Empty where they cannot be had: then no signature counts. */
  current(now: number): Promise<KeySet>
  /** After a token named a key that is not among them; the same set where the last fetch is too recent. */
  renewed(now: number): Promise<KeySet>
  /** Why the last attempt to fetch them failed: the address, expected and got. `undefined` where it did not. */
  fault(): string | undefined
  /** When the set that is held was asked for; before all time where there was none yet, after it where it stands here. */
  fetchedAt(): number
}

/** An unknown key asks for a new set at most this often: whoever can reach the tool server can name one. */
const minRefreshMs = 10_000
/** Between attempts while none are held: whoever publishes them may start later. */
const retryMs = 1_000
/** A key that was withdrawn is trusted for at most this long. */
const maxAgeMs = 5 * 60_000
/** Where the source cannot be reached, the last keys go on being trusted for this long. */
const maxStaleMs = 60 * 60_000

const limits = { timeoutMs: 2_000, maxBytes: 64 * 1024 }

const none: KeySet = new Map()

/** @throws TokenError `KEY_SET_INVALID` where the keys that stand here are none */
export const openKeySource = (source: KeySource): HeldKeys => {
  if ('url' in source) return fetchedKeys(source.url)
  const keys = Promise.resolve(parseKeySet({ keys: source.keys }))
  return {
    current: () => keys,
    renewed: () => keys,
    fault: () => undefined,
    fetchedAt: () => Number.POSITIVE_INFINITY,
  }
}

/** None at all is an answer, too: the last engine was withdrawn. */
const readKeySet = (document: unknown): KeySet => {
  const { keys } = (document ?? {}) as { readonly keys?: unknown }
  return Array.isArray(keys) && keys.length === 0 ? none : parseKeySet(document)
}

const fetchedKeys = (url: string): HeldKeys => {
  let keys = none
  let fetchedAt = Number.NEGATIVE_INFINITY
  let attemptedAt = Number.NEGATIVE_INFINITY
  let running: Promise<KeySet> | undefined
  let fault: string | undefined

  const attempt = async (now: number): Promise<KeySet> => {
    attemptedAt = now
    try {
      keys = readKeySet(JSON.parse(await fetchText(url, limits)))
      fetchedAt = now
      fault = undefined
    } catch (error) {
      fault = `keys at ${url}: ${inWords(error)}`
      // What was held goes on being trusted for a while; who asks learns from an empty set that none can be had.
      if (now - fetchedAt > maxStaleMs) keys = none
    }
    running = undefined
    return keys
  }

  const renewed = (now: number): Promise<KeySet> => {
    // A clock that was set back has no recent attempt.
    const isRecent = now >= attemptedAt && now - attemptedAt < (keys === none ? retryMs : minRefreshMs)
    if (running === undefined && isRecent) return Promise.resolve(keys)
    running ??= attempt(now)
    return running
  }

  return {
    current: now => (now - fetchedAt < maxAgeMs && now >= fetchedAt ? Promise.resolve(keys) : renewed(now)),
    renewed,
    fault: () => fault,
    fetchedAt: () => fetchedAt,
  }
}

/** `fetch` says "fetch failed" whatever it was; its cause says what. */
const inWords = (error: unknown): string => {
  if (error instanceof SyntaxError) return 'expected JSON, got other text'
  if (!(error instanceof Error)) return 'expected an answer, got an unknown fault'
  const { cause } = error
  const got = errorCode(cause) ?? (cause instanceof Error ? cause.message : undefined)
  return got === undefined ? error.message : `expected an answer, got ${got}`
}
