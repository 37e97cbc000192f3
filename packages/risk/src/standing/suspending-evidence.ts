import type { Session } from '../session/session.ts'
import { model } from '../signals/model.ts'
import { signal } from '../signals/signal.ts'

const mostOfProvenance = model.provenance.suspendingNats
const mostOfRate = model.rate.suspendingNats

/**
 * What may suspend: evidence without what is beyond the most that a result, which a server wrote, and haste may bring towards it.
 * @param evidence of the session, nats
 */
export const suspendingEvidence = ({ evidence: parts }: Session, evidence: number): number =>
  evidence -
  Math.max(0, parts[signal.provenance]! - mostOfProvenance) -
  Math.max(0, parts[signal.rate]! - mostOfRate)
