import type { InvocationAttempted, InvocationDenied } from '@cordon/schemas'

import type { Session } from './session/session.ts'

/** The engine's reason, of proofs alone that hold. */
const replayReason = 'PROOF_REPLAYED'

/** The engine's reasons; most refusals like these are on no record. */
const floodReasons: ReadonlySet<string> = new Set(['RATE_LIMITED', 'REVOKED'])

/**
 * Follows the numbers that the agent gives its proofs: what it signed and no engine reports is missing.
 * @returns whether another call had this number
 */
export const noteProof = (
  session: Session,
  { proofSequence }: Pick<InvocationAttempted, 'proofSequence'>,
  now: number,
): boolean => proofSequence !== null && session.proofs.notice(proofSequence, now)

/**
 * The same of a refused call, whose like may have been refused without a record. Most were put on record as an attempt before, so
 * that their number comes again says nothing.
 */
export const noteRefusedProof = (session: Session, denied: InvocationDenied, now: number): void => {
  if (floodReasons.has(denied.reason)) session.proofs.flooded(now)
  noteProof(session, denied, now)
}

/** Whether a call was refused because its proof had been used. */
export const isReplay = ({ reason }: InvocationDenied): boolean => reason === replayReason
