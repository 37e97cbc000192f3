import type { AttemptKind } from '../../ports/humans.ts'
import { networksPerSite } from './networks-of.ts'

/** Failures in a row, as they are kept. */
export interface AttemptState {
  readonly failures: number
  /** Milliseconds since the Unix epoch; 0: not locked. */
  readonly lockedUntil: number
  readonly lastAt: number
}

interface AttemptLimit {
  /** Failures that cost nothing. */
  readonly free: number
  /** The first wait; each further failure doubles it. */
  readonly firstWaitMs: number
  /** Nobody is locked out for longer: guessing one account must not be a way to keep its owner out for good. */
  readonly longestWaitMs: number
  /** Without a failure for this long nothing is remembered. */
  readonly forgetMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

// Several people behind one address may each be wrong a few times.
const network: AttemptLimit = {
  free: 20,
  firstWaitMs: 30_000,
  longestWaitMs: 15 * minuteMs,
  forgetMs: hourMs,
}
// RFC 8628 §5.1: eight letters of twenty are 2^34 codes, and no code lives for longer than five minutes.
const userCode: AttemptLimit = { free: 5, firstWaitMs: 60_000, longestWaitMs: hourMs, forgetMs: hourMs }

const ofSite = (limit: AttemptLimit): AttemptLimit => ({ ...limit, free: limit.free * networksPerSite })

/** Four wrong passwords an hour at most, once somebody goes on guessing: NIST SP 800-63B §5.2.2 allows a hundred in a row. */
export const attemptLimits: Readonly<Record<AttemptKind, AttemptLimit>> = {
  account: { free: 5, firstWaitMs: 30_000, longestWaitMs: 15 * minuteMs, forgetMs: 24 * hourMs },
  network,
  site: ofSite(network),
  'user-code': userCode,
  'user-code-site': ofSite(userCode),
  'user-code-anywhere': { free: 200, firstWaitMs: 1000, longestWaitMs: 10_000, forgetMs: minuteMs },
}

const none: AttemptState = { failures: 0, lockedUntil: 0, lastAt: 0 }

/**
 * Whether one more try may be made. It counts as a failure from now on: tries that run side by side are as many as tries in a row.
 * @param now milliseconds since the Unix epoch
 */
export const takeAttempt = (
  kind: AttemptKind,
  state: AttemptState | undefined,
  now: number,
): { readonly waitMs: number; readonly state: AttemptState } => {
  const limit = attemptLimits[kind]
  const known = state === undefined || now - state.lastAt > limit.forgetMs ? none : state
  if (known.lockedUntil > now) return { waitMs: known.lockedUntil - now, state: known }
  const failures = known.failures + 1
  return { waitMs: 0, state: { failures, lockedUntil: lockedUntil(limit, failures, now), lastAt: now } }
}

/** The last try was right after all: it is no failure, and what it locked is open again. */
export const takeBackAttempt = (state: AttemptState): AttemptState => ({
  failures: Math.max(0, state.failures - 1),
  lockedUntil: 0,
  lastAt: state.lastAt,
})

const lockedUntil = (limit: AttemptLimit, failures: number, now: number): number => {
  const beyond = failures - limit.free
  if (beyond < 0) return 0
  return now + Math.min(limit.longestWaitMs, limit.firstWaitMs * 2 ** Math.min(beyond, 32))
}
