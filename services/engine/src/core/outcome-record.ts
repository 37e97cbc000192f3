import type { OutcomeReport } from '@cordon/engine-socket'
import type { InvocationCompleted } from '@cordon/schemas'

import type { Extraction } from '../ports.ts'
import type { CompletedInvocation } from './open-invocations.ts'

/** As many as a record carries; more are in its wording. */
const maxEntities = 64
/** Avro's `int`. */
const maxInt = 2 ** 31 - 1

/** What the session learnt from a call: of the result only sizes, a digest and fingerprints. @param completedAt milliseconds since the Unix epoch */
export const outcomeRecord = (
  report: OutcomeReport,
  { sessionId, tool, repeated }: CompletedInvocation,
  { fingerprint, resultWording }: Pick<Extraction, 'fingerprint' | 'resultWording'>,
  completedAt: number,
): InvocationCompleted => {
  const entities = report.entities.map(({ kind, value }) => ({
    kind,
    fingerprint: fingerprint(kind, value),
    target: false,
  }))
  const leftOver = entities.slice(maxEntities).map(entity => entity.fingerprint)
  return {
    sessionId,
    invocationId: report.invocationId,
    completedAt,
    tool,
    outcome: report.outcome,
    resultBytes: Math.min(report.resultBytes, maxInt),
    resultDigest: Buffer.from(report.resultDigest, 'hex'),
    entities: entities.slice(0, maxEntities),
    entitiesOverflow: report.entitiesOverflow || leftOver.length > 0,
    entitiesLost: report.entitiesOverflow,
    wording: resultWording(report.wording, leftOver),
    repeats: repeated?.times ?? 0,
    repeatedBytes: Math.min(repeated?.bytes ?? 0, maxInt),
  }
}
