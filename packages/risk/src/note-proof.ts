import type { InvocationAttempted, InvocationDenied } from '@cordon/schemas'

import { seen } from './session/invocation-ring.ts'
import type { Session } from './session/session.ts'
import { takeRecord } from './session/take-record.ts'

/** The engine's reason, of proofs alone that hold. */
const replayReason = 'PROOF_REPLAYED'

const bothTold = seen.attempt | seen.denial

/**
 * Follows the numbers that the agent gives its proofs: what it signed and no engine reports is missing. The attempt and the denial of one call
 * both have its number, and it counts once: merged gaps would take the second for another call that came.
 * @param place of the call in the session's ring, where this record is taken
 * @param isAgain it was on the log before
 * @returns whether another call had this number
 */
export const noteProof = (
  session: Session,
  place: number,
  { proofSequence }: Pick<InvocationAttempted, 'proofSequence'>,
  now: number,
  isAgain = false,
): boolean => {
  if (proofSequence === null) return false
  const isTold = isAgain || (session.ring.marksAt(place) & bothTold) === bothTold
  return session.proofs.notice(proofSequence, now, isTold) && !isTold
}

/** The same for a session that is over, whose end may have overtaken its calls. Nothing else of it changes. @param mark of `seen` */
export const noteLateProof = (
  session: Session,
  record: Pick<InvocationAttempted, 'invocationId' | 'proofSequence'>,
  mark: number,
  now: number,
): void => {
  if (record.proofSequence === null) return
  const place = takeRecord(session, record.invocationId, mark)
  if (place >= 0) noteProof(session, place, record, now)
}

/** Whether a call was refused because its proof had been used. */
export const isReplay = ({ reason }: InvocationDenied): boolean => reason === replayReason
