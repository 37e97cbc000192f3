import type { InvocationAttempted, InvocationDenied } from '@cordon/schemas'

import type { Session } from './session/session.ts'

/** The engine's reason, of proofs alone that hold. */
const replayReason = 'PROOF_REPLAYED'

/**
 * Follows the numbers that the agent gives its proofs: what it signed and no engine reports is missing.
 * @returns whether another record had this number: of a denial mostly its own attempt
 */
export const noteProof = (
  session: Session,
  { proofSequence }: Pick<InvocationAttempted, 'proofSequence'>,
  now: number,
): boolean => proofSequence !== null && session.proofs.notice(proofSequence, now)

/** Whether a call was refused because its proof had been used. */
export const isReplay = ({ reason }: InvocationDenied): boolean => reason === replayReason
