import type { SessionId } from '@cordon/foundation'

import { createGivenBackProofs, type GivenBackLine, type GivenBackProofs } from './given-back-proofs.ts'
import type { NumberedProof } from './numbered-proof.ts'

/** Which of a session's two counters: its calls, or its other requests. */
export type SequenceKind = 'call' | 'request'

/** `full`: no room for another session, or for what it gave back; refuse, because a replay could not be told from a first use. */
export type SequenceUse = 'fresh' | 'replayed' | 'full'

/** Which sequence numbers were used here, so that a proof is good for one use. */
export interface ReplayWindows {
  /** Takes the number that a verified proof names. */
  use(sessionId: SessionId, kind: SequenceKind, proof: NumberedProof): SequenceUse
  /**
   * A number that was taken and did not count in the end is free again, for any proof but the one that had it. Only whoever took it may say
   * so: of a `replayed` one another request has the number.
   * @returns whether it can be taken again: not where it fell behind the window, for a replay is not known there from a first use, nor where
   * another proof has it, since this one came so long ago that its use is forgotten
   */
  giveBack(sessionId: SessionId, kind: SequenceKind, proof: NumberedProof): boolean
}

/**
 * How many numbers are told apart, up to the highest: requests of one session overtake each other. An agent keeps those that may still
 * come within as many, so none of an honest one comes too late.
 */
export const replayWindowSize: number = 1024

/** About 300 bytes each, 500 where a number was given back. */
const defaultMaxWindows = 100_000

/**
 * A sliding window (RFC 4303 §3.4.3) for each session and counter. A window that was not used in this era of nonces nor in
 * the one before is forgotten: every proof that it saw has a nonce that is refused by now.
 */
export const createReplayWindows = (
  options: {
    /** At once, of this era and the one before; only sessions that proved their token have one. */
    readonly maxWindows?: number
    /** Given back and remembered, at once. */
    readonly maxGivenBack?: number
  } = {},
): ReplayWindows => {
  const { maxWindows = defaultMaxWindows } = options
  const givenBack = createGivenBackProofs(options.maxGivenBack)
  let era = Number.NEGATIVE_INFINITY
  let current = new Map<string, Window>()
  let previous = new Map<string, Window>()

  const advance = (reached: number): void => {
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
    const window = before ?? { since: era, highest: -1, used: newBits(), givenBack: undefined }
    previous.delete(key)
    current.set(key, window)
    return window
  }

  return {
    use(sessionId, kind, proof) {
      advance(proof.era)
      const window = windowOf(`${kind} ${sessionId}`)
      if (window === undefined) return 'full'
      return take(window, proof, givenBack)
    },
    giveBack(sessionId, kind, proof) {
      const { sequence } = proof
      const key = `${kind} ${sessionId}`
      const window = current.get(key) ?? previous.get(key)
      if (window === undefined || sequence > window.highest) return true
      // Behind the window its place is another number's.
      if (sequence <= window.highest - replayWindowSize) return false
      // That it was taken in is forgotten, as is its nonce: here the number is of whoever took it since.
      if (window.since > proof.era) return !isMarked(window.used, sequence)
      window.givenBack ??= { numbers: newBits(), forgottenUpTo: Number.NEGATIVE_INFINITY }
      mark(window.givenBack.numbers, sequence)
      givenBack.add(window.givenBack, proof)
      clear(window.used, sequence)
      return true
    },
  }
}

interface Window {
  /** The era in which it was begun. */
  readonly since: number
  highest: number
  readonly used: Bits
  /** Absent in most: nothing is remembered of a session whose calls all counted. */
  givenBack: (GivenBackLine & { readonly numbers: Bits }) | undefined
}

/** A bit for each of the last numbers; number n has bit n modulo the size. */
type Bits = Uint32Array

const newBits = (): Bits => new Uint32Array(replayWindowSize / 32)

const take = (window: Window, proof: NumberedProof, proofs: GivenBackProofs): SequenceUse => {
  const { sequence } = proof
  if (sequence > window.highest) slide(window, sequence)
  else if (sequence <= window.highest - replayWindowSize) return 'replayed'
  if (isMarked(window.used, sequence)) return 'replayed'
  const { givenBack } = window
  if (givenBack !== undefined && isMarked(givenBack.numbers, sequence)) {
    const found = proofs.look(givenBack, proof)
    if (found !== 'fresh') return found === 'replayed' ? 'replayed' : 'full'
  }
  mark(window.used, sequence)
  return 'fresh'
}

const slide = (window: Window, highest: number): void => {
  slideBits(window.used, window.highest, highest)
  if (window.givenBack !== undefined) slideBits(window.givenBack.numbers, window.highest, highest)
  window.highest = highest
}

const slideBits = (bits: Bits, from: number, to: number): void => {
  if (to - from >= replayWindowSize) bits.fill(0)
  else for (let passed = from + 1; passed <= to; passed += 1) clear(bits, passed)
}

const isMarked = (bits: Bits, sequence: number): boolean => {
  const place = sequence % replayWindowSize
  return ((bits[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0
}

const mark = (bits: Bits, sequence: number): void => {
  const place = sequence % replayWindowSize
  bits[place >>> 5] = (bits[place >>> 5] ?? 0) | (1 << (place & 31))
}

const clear = (bits: Bits, sequence: number): void => {
  const place = sequence % replayWindowSize
  bits[place >>> 5] = (bits[place >>> 5] ?? 0) & ~(1 << (place & 31))
}
