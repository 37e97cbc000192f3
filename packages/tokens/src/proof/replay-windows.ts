import type { SessionId } from '@cordon/foundation'

import { defaultEraMs } from './nonce-eras.ts'

/** Which of a session's two counters: its calls, or its other requests. */
export type SequenceKind = 'call' | 'request'

/** `full`: no room for another session; refuse, because a replay could not be told from a first use. */
export type SequenceUse = 'fresh' | 'replayed' | 'full'

/** Which sequence numbers were used here, so that a proof is good for one use. */
export interface ReplayWindows {
  /**
   * Takes a number that a verified proof names.
   * @param now milliseconds since the Unix epoch, the same that the nonce was accepted at
   */
  use(sessionId: SessionId, kind: SequenceKind, sequence: number, now: number): SequenceUse
  /**
   * A number that was taken and did not count in the end is free again, for its proof as for another. Only whoever took it may say so: of a
   * `replayed` one another request has the number.
   * @returns whether it can be taken again: not where it fell behind the window, for a replay is not known there from a first use
   */
  giveBack(sessionId: SessionId, kind: SequenceKind, sequence: number): boolean
}

/**
 * How many numbers are told apart, up to the highest: requests of one session overtake each other. An agent keeps those that may still
 * come within as many, so none of an honest one comes too late.
 */
export const replayWindowSize: number = 1024

/** About 300 bytes each. */
const defaultMaxWindows = 100_000

/**
 * A sliding window (RFC 4303 §3.4.3) for each session and counter. A window that was not used in this era of nonces nor in
 * the one before is forgotten: every proof that it saw has a nonce that is refused by now.
 */
export const createReplayWindows = (
  options: {
    /** Of the nonces. */
    readonly eraMs?: number
    /** At once, of this era and the one before; only sessions that proved their token have one. */
    readonly maxWindows?: number
  } = {},
): ReplayWindows => {
  const { eraMs = defaultEraMs, maxWindows = defaultMaxWindows } = options
  let era = Number.NEGATIVE_INFINITY
  let current = new Map<string, Window>()
  let previous = new Map<string, Window>()

  // As with the nonces, no era comes back.
  const advance = (now: number): void => {
    const reached = Math.floor(now / eraMs)
    if (reached <= era) return
    previous = reached === era + 1 ? current : new Map()
    current = new Map()
    era = reached
  }

  const windowOf = (key: string): Window | undefined => {
    const held = current.get(key)
    if (held !== undefined) return held
    const before = previous.get(key)
    // Whoever has one keeps it: those who come in numbers take places from each other alone.
    if (before === undefined && current.size + previous.size >= maxWindows) return undefined
    const window = before ?? { highest: -1, used: new Uint32Array(replayWindowSize / 32) }
    previous.delete(key)
    current.set(key, window)
    return window
  }

  return {
    use(sessionId, kind, sequence, now) {
      advance(now)
      const window = windowOf(`${kind} ${sessionId}`)
      if (window === undefined) return 'full'
      return take(window, sequence) ? 'fresh' : 'replayed'
    },
    giveBack(sessionId, kind, sequence) {
      const key = `${kind} ${sessionId}`
      const window = current.get(key) ?? previous.get(key)
      if (window === undefined || sequence > window.highest) return true
      // Behind the window its place is another number's.
      if (sequence <= window.highest - replayWindowSize) return false
      free(window, sequence)
      return true
    },
  }
}

interface Window {
  highest: number
  /** A bit for each of the last numbers; number n has bit n modulo the size. */
  readonly used: Uint32Array
}

const take = (window: Window, sequence: number): boolean => {
  if (sequence > window.highest) slide(window, sequence)
  else if (sequence <= window.highest - replayWindowSize) return false
  const place = sequence % replayWindowSize
  const word = window.used[place >>> 5] ?? 0
  const bit = 1 << (place & 31)
  if ((word & bit) !== 0) return false
  window.used[place >>> 5] = word | bit
  return true
}

const slide = (window: Window, highest: number): void => {
  if (highest - window.highest >= replayWindowSize) window.used.fill(0)
  else for (let passed = window.highest + 1; passed <= highest; passed += 1) free(window, passed)
  window.highest = highest
}

const free = ({ used }: Window, sequence: number): void => {
  const place = sequence % replayWindowSize
  used[place >>> 5] = (used[place >>> 5] ?? 0) & ~(1 << (place & 31))
}
