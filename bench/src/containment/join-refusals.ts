import type { Stop } from './bench-agent.ts'

/** A bad call, at the engine that it went through. Milliseconds of the monotonic clock. */
export interface BadCall {
  readonly session: number
  readonly startedAt: number
  /** When the engine had decided on it. */
  readonly decidedAt: number
  /** False where the session was suspended before the call itself was on record. */
  readonly passed: boolean
}

/** What one engine knew of one session that turned bad. Milliseconds of the monotonic clock. */
export interface Refusal {
  readonly session: number
  readonly engine: number
  /** When the decision stood in its table. */
  readonly heldAt: number
  /** When it had refused a call for the first time. */
  readonly refusedAt: number
  readonly reason: Stop
  /** Calls that it let pass before, since shortly before the bad one. */
  readonly passed: number
}

export interface Contained {
  /** From a bad call to the first refused call, of each engine and session. */
  readonly toRefused: number[]
  /** The same for the engine that was last. */
  readonly toLastRefused: number[]
  readonly toHeld: number[]
  readonly toOwnVerdict: number[]
  /** Bad calls that were refused themselves. */
  readonly refusedThemselves: number
  /** Engines that never refused, over all sessions. */
  readonly missed: number
  readonly passed: number
}

/** @param from the first session that counts: those before only warmed things up */
export const joinRefusals = (
  calls: readonly BadCall[],
  refusals: readonly Refusal[],
  { engines, from }: { readonly engines: number; readonly from: number },
): Contained => {
  const bySession = Map.groupBy(refusals, ({ session }) => session)
  const counted = calls.filter(({ session }) => session >= from)
  const of = (call: BadCall): readonly Refusal[] => bySession.get(call.session) ?? []
  const after = (at: 'refusedAt' | 'heldAt'): number[] =>
    counted.flatMap(call => of(call).map(refusal => refusal[at] - call.startedAt))
  return {
    toRefused: after('refusedAt'),
    toHeld: after('heldAt'),
    toLastRefused: counted.flatMap(call => {
      const last = Math.max(...of(call).map(({ refusedAt }) => refusedAt))
      return of(call).length === engines ? [last - call.startedAt] : []
    }),
    toOwnVerdict: counted.map(({ startedAt, decidedAt }) => decidedAt - startedAt),
    refusedThemselves: counted.filter(({ passed }) => !passed).length,
    missed: counted.reduce((sum, call) => sum + engines - of(call).length, 0),
    passed: counted.reduce((sum, call) => sum + of(call).reduce((all, { passed }) => all + passed, 0), 0),
  }
}
