import type { DecisionSigner, Signature, VerdictClaim } from '@cordon/decisions'
import type { Assessment } from '@cordon/risk'

import type { Cause } from './cause.ts'
import type { SessionEntry, SignedStanding } from './session-entry.ts'

/** Signs where a standing changes, and lets what was signed be repeated where it does not. */
export interface StandingSigner {
  /** Nothing that this key signed is kept of the session: it needs a decision, even where nothing changed. */
  isOwed(entry: SessionEntry): boolean
  sign(entry: SessionEntry, assessment: Assessment, cause: Cause): SignedStanding
  signVerdict(claim: VerdictClaim): Signature
  /** What is to be kept with the session. */
  kept(signed: SignedStanding): SignedStanding | undefined
}

/** @param keeps false where the written state has no place for it: then every decision is signed anew */
export const createStandingSigner = (signer: DecisionSigner, keeps: boolean): StandingSigner => {
  const isOwed = ({ signed }: SessionEntry): boolean => signed?.keyId !== signer.key.keyId
  return {
    isOwed: entry => keeps && isOwed(entry),
    sign(entry, { standing, standingChanged }, { sessionId, offset }) {
      if (entry.signed !== undefined && !standingChanged && !isOwed(entry)) return entry.signed
      const standingVersion = Number(offset)
      return { standingVersion, ...signer.sign({ sessionId, standing, standingVersion }) }
    },
    signVerdict: claim => signer.signVerdict(claim),
    kept: signed => (keeps ? signed : undefined),
  }
}
