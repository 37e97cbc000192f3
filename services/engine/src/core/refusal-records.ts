import type { SessionRecord } from '../ports.ts'
import { attemptRecord } from './attempt-record.ts'
import type { DecidedFacts } from './call-facts.ts'
import type { Refused } from './check.ts'

/**
 * What is put on record about a call that was refused, once its session is known. A refused attempt is behaviour like any
 * other, so the attempt goes before the denial wherever the catalogue could say what it was, as far as its arguments could be
 * read; an unknown tool or arguments that are no object leave the denial alone, which names the tool and the reason.
 * @param deniedAt milliseconds since the Unix epoch
 */
export const refusalRecords = (
  facts: DecidedFacts,
  refused: Refused,
  nextSequence: () => number,
  deniedAt: number,
): readonly SessionRecord[] => {
  const { principal, bundle, held, entry, classified, attempt } = facts
  if (principal === undefined || held === undefined) return []
  const denied: SessionRecord = {
    name: 'InvocationDenied',
    value: {
      sessionId: principal.sessionId,
      invocationId: facts.invocationId,
      deniedAt,
      tool: `${facts.call.server}/${facts.call.tool}`,
      verdict: refused.verdict,
      reason: refused.recordedAs ?? refused.reason,
      standing: held.decision.standing,
      proofSequence: facts.proven?.sequence ?? null,
    },
  }
  if (attempt !== undefined || bundle === undefined || entry === undefined || classified === undefined) {
    return [denied]
  }
  const value = attemptRecord({ ...facts, principal, bundle, entry, classified }, nextSequence())
  return [{ name: 'InvocationAttempted', value }, denied]
}
