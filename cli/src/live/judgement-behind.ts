import type { Standing } from '@cordon/schemas'

import type { FactOf } from './session-fact.ts'

/** Refusals that rest on the standing that a decision set. */
const standings: ReadonlyMap<string, Standing> = new Map([
  ['STEP_UP_REQUIRED', 'verify'],
  ['SESSION_READ_ONLY', 'read_only'],
  ['SESSION_SUSPENDED', 'suspended'],
])

const onVerdict = 'GATE_REFUSED'

/** Whether a refusal rests on what the scorer made of the session. */
export const isJudged = (reason: string): boolean => reason === onVerdict || standings.has(reason)

/**
 * What a refusal rests on: the verdict on this very call, or the decision since which the session stands as it did.
 * @param judgements of the session, in the order in which they were read: not all of them need be there yet
 */
export const judgementBehind = (
  denied: FactOf<'denied'>,
  judgements: readonly FactOf<'judged'>[],
): FactOf<'judged'> | undefined => {
  if (denied.reason === onVerdict)
    return judgements.findLast(({ gated, causedBy }) => gated && causedBy === denied.invocationId)
  const standing = standings.get(denied.reason)
  const decisions = judgements.filter(({ gated }) => !gated)
  // Engine and broker may be of two minds about the time by some milliseconds.
  const inForce = decisions.findLastIndex(
    decision => decision.standing === standing && decision.at <= denied.at,
  )
  if (inForce < 0) return decisions.find(decision => decision.standing === standing)
  const before = decisions.slice(0, inForce).findLastIndex(decision => decision.standing !== standing)
  return decisions[before + 1]
}
