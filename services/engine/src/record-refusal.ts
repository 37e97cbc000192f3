import type { DecidedFacts } from './core/call-facts.ts'
import type { Refused } from './core/check.ts'
import { refusalRecords } from './core/refusal-records.ts'
import type { EnginePorts } from './ports.ts'

/**
 * Puts a refusal on record, where it belongs there and the session's log takes it. Nobody waits for that: nothing is forwarded either way, and
 * a full queue is counted by the log.
 * @param decidedAt milliseconds since the Unix epoch
 * @returns whether anything of the call is on record, or on its way there: its attempt may be without this
 */
export const recordRefusal = (
  facts: DecidedFacts,
  refused: Refused,
  { decisions, sequences, sessionLog }: Pick<EnginePorts, 'decisions' | 'sequences' | 'sessionLog'>,
  decidedAt: number,
): boolean => {
  const { principal, attempt } = facts
  const isAttemptThere = attempt !== undefined
  if (principal === undefined || refused.isRepeated === true) return isAttemptThere
  const { sessionId } = principal
  // Refused before it was looked up, a session may still be one whose log there is.
  const held = facts.held ?? decisions.find(sessionId)
  const known = { ...facts, ...(held && { held }) }
  const records = refusalRecords(known, refused, () => sequences.next(sessionId), decidedAt)
  if (records.length === 0) return isAttemptThere
  const recording = sessionLog.append(sessionId, records, 'soon')
  if (recording !== 'unwritable' && recording !== 'full') return true
  // What cannot be written is the attempt: without it the denial still tells of the call.
  if (recording === 'full' || records.length === 1) return isAttemptThere
  return typeof sessionLog.append(sessionId, records.slice(-1), 'soon') !== 'string'
}
