import type { OutcomeReport } from '@cordon/engine-socket'
import type { InvocationCompleted } from '@cordon/schemas'

import type { Extraction } from '../ports.ts'
import type { OpenInvocation } from './open-invocations.ts'

/** As many as a record carries; more counts as tainted. */
const maxEntities = 64
/** Avro's `int`. */
const maxInt = 2 ** 31 - 1

/** What the session learnt from a call: of the result only sizes, a digest and fingerprints. @param completedAt milliseconds since the Unix epoch */
export const outcomeRecord = (
  report: OutcomeReport,
  { sessionId, tool }: OpenInvocation,
  { fingerprint, resultWording }: Pick<Extraction, 'fingerprint' | 'resultWording'>,
  completedAt: number,
): InvocationCompleted => ({
  sessionId,
  invocationId: report.invocationId,
  completedAt,
  tool,
  outcome: report.outcome,
  resultBytes: Math.min(report.resultBytes, maxInt),
  resultDigest: Buffer.from(report.resultDigest, 'hex'),
  entities: report.entities
    .slice(0, maxEntities)
    .map(({ kind, value }) => ({ kind, fingerprint: fingerprint(kind, value), target: false })),
  entitiesOverflow: report.entitiesOverflow || report.entities.length > maxEntities,
  wording: resultWording(report.wording),
})
