import type { CheckPorts } from '../ports.ts'
import type { DecidedFacts } from './call-facts.ts'
import type { Check, CheckResult, Refused } from './check.ts'

type AnyCheck = Check<never, object>

/** What is known once all checks have passed; `never` where one needs what no earlier one establishes. */
type FactsAfter<Start, Checks extends readonly AnyCheck[]> = Checks extends readonly [
  Check<infer Needs, infer Adds>,
  ...infer Rest extends readonly AnyCheck[],
]
  ? Start extends Needs
    ? FactsAfter<Start & Adds, Rest>
    : never
  : Start

/** Checks in an order that the compiler has found to establish everything before it is needed. */
export interface CheckOrder<Start> {
  readonly checks: readonly AnyCheck[]
  /** Of types only: what the checks start from. */
  readonly startsFrom?: (facts: Start) => void
}

/** How far a call came. */
export interface CheckedCall {
  readonly facts: DecidedFacts
  /** Absent where every check passed. */
  readonly refused?: Refused
}

/** `inOrder<Start>()([a, b])` does not compile where `b` needs what neither `Start` nor `a` establishes. */
export const inOrder =
  <Start>() =>
  <const Checks extends readonly AnyCheck[]>(
    checks: Checks & ([FactsAfter<Start, Checks>] extends [never] ? never : unknown),
  ): CheckOrder<Start> => ({ checks })

/** Runs the checks up to the first that refuses. */
export const runChecks = async <Start extends DecidedFacts>(
  { checks }: CheckOrder<Start>,
  start: Start,
  ports: CheckPorts,
): Promise<CheckedCall> => {
  const facts: DecidedFacts = { ...start }
  for (const { run } of checks) {
    // `inOrder` has shown that what the check needs is there.
    const result: CheckResult<object> | Promise<CheckResult<object>> = run(facts as never, ports)
    const { adds, refused } = result instanceof Promise ? await result : result
    Object.assign(facts, adds)
    if (refused !== undefined) return { facts, refused }
  }
  return { facts }
}
