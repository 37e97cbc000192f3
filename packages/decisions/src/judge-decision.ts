import type { SessionDecision } from '@cordon/schemas'

import type { DecisionVerifier } from './decision-verifier.ts'

/** What a reader keeps of the decision that it believes. */
export type HeldClaim = Pick<SessionDecision, 'standing' | 'standingVersion' | 'keyId' | 'signature'>

/**
 * `newer`: sets another standing. `same`: the standing that is held, told again or with another score. `older`: the scorer
 * said so once, and has said otherwise since. `forged`: no key of the bundle signed it.
 */
export type Ruling = 'newer' | 'same' | 'older' | 'forged'

/**
 * Orders decisions by what is signed. The decision's own `version` is not: whoever may write the topic could give an old
 * standing a new one.
 * @param held of the same session
 */
export const judgeDecision = (
  verifier: DecisionVerifier,
  decision: SessionDecision,
  held: HeldClaim | undefined,
): Ruling => {
  // Most decisions repeat a claim that was verified when it came first.
  if (held !== undefined && isSameClaim(decision, held)) return 'same'
  if (!verifier.verifyStanding(decision)) return 'forged'
  if (held === undefined || decision.standingVersion > held.standingVersion) return 'newer'
  return decision.standingVersion === held.standingVersion ? 'same' : 'older'
}

const isSameClaim = (decision: HeldClaim, held: HeldClaim): boolean =>
  decision.standingVersion === held.standingVersion &&
  decision.standing === held.standing &&
  decision.keyId === held.keyId &&
  decision.signature.equals(held.signature)
