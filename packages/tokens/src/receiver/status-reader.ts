import type { Status } from '../status/status-list.ts'
import { type StatusListToken, verifyStatusList } from '../status/status-list-token.ts'
import { fetchText } from './bounded-fetch.ts'
import { type KeySource, openKeySource } from './key-source.ts'

/** Where a receiver reads whether a session still stands. */
export interface StatusListSource {
  /** The folder of all lists: a token cannot send us elsewhere. */
  readonly url: string
  /** `iss` of the lists. */
  readonly issuer: string
  readonly keys: KeySource
}

export interface StatusReader {
  /** @returns `unknown` where no list that is good now can be had @param now milliseconds since the Unix epoch */
  statusOf(entry: { readonly uri: string; readonly index: number }, now: number): Promise<Status | 'unknown'>
}

/** Of a million sessions each. */
const maxLists = 64
/** Between attempts to get a list. */
const minRefreshMs = 1_000

const limits = { timeoutMs: 2_000, maxBytes: 512 * 1024 }

interface HeldList {
  token: StatusListToken | undefined
  attemptedAt: number
  running: Promise<void> | undefined
}

/** Keeps each list for as long as it says; while a newer one cannot be had, until it expires. */
export const createStatusReader = (source: StatusListSource): StatusReader => {
  const keys = openKeySource(source.keys)
  // With its slash, so that no other host begins with it.
  const folder = source.url.endsWith('/') ? source.url : `${source.url}/`
  const held = new Map<string, HeldList>()

  const heldAt = (uri: string): HeldList => {
    const known = held.get(uri)
    if (known !== undefined) return known
    if (held.size >= maxLists) held.delete(held.keys().next().value ?? '')
    const empty = { token: undefined, attemptedAt: Number.NEGATIVE_INFINITY, running: undefined }
    held.set(uri, empty)
    return empty
  }

  const read = async (uri: string, now: number): Promise<StatusListToken | undefined> => {
    try {
      const text = await fetchText(uri, limits)
      const expected = { issuer: source.issuer, uri }
      const first = verifyStatusList(text, expected, await keys.current(now), now)
      const result =
        first === 'KEY_UNKNOWN' ? verifyStatusList(text, expected, await keys.renewed(now), now) : first
      return typeof result === 'string' ? undefined : result
    } catch {
      // What cannot be fetched says nothing; the list that is held goes on until it expires.
      return undefined
    }
  }

  const renew = async (list: HeldList, uri: string, now: number): Promise<void> => {
    list.attemptedAt = now
    const fresh = await read(uri, now)
    list.running = undefined
    // An older list is a true one of the past: whoever shows it wants something to be valid again.
    if (fresh !== undefined && fresh.issuedAt >= (list.token?.issuedAt ?? 0)) list.token = fresh
  }

  return {
    async statusOf({ uri, index }, now) {
      if (!uri.startsWith(folder)) return 'unknown'
      const list = heldAt(uri)
      if (isDue(list, now)) await (list.running ??= renew(list, uri, now))
      const { token } = list
      return token === undefined || now >= token.expiresAt ? 'unknown' : (token.list.get(index) ?? 'unknown')
    },
  }
}

const isDue = ({ token, attemptedAt }: HeldList, now: number): boolean => {
  if (token !== undefined && now < token.issuedAt + token.lifetimeMs) return false
  return now < attemptedAt || now - attemptedAt >= minRefreshMs
}
