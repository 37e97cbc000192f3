import type { Clock, SessionId } from '@cordon/foundation'
import type { SessionOpened, Standing } from '@cordon/schemas'

import type { SessionDecisions, SessionLog } from '../ports.ts'
import type { AbandonedSessions } from './abandoned-sessions.ts'
import { type Answer, granted, refused } from './refusal.ts'

export interface SessionOpeningPorts {
  readonly clock: Clock
  readonly log: SessionLog
  readonly decisions: SessionDecisions
  readonly abandoned: AbandonedSessions
}

/** Writes an opening into the log and waits for its first decision, so that no engine calls it unknown for long. */
export type AnnounceOpening = (sessionId: SessionId, opened: SessionOpened) => Promise<Answer<undefined>>

/** @param openingTimeoutMs how long it may take until it is on record and its first decision is readable */
export const createSessionOpening = (
  ports: SessionOpeningPorts,
  openingTimeoutMs: number,
): AnnounceOpening => {
  const { decisions } = ports
  return async (sessionId, value) => {
    const opening: { isOnRecord?: boolean } = {}
    // Waiting begins before the record is out, or a quick answer would be missed; its limit covers the record, too.
    const first = decisions.expect(sessionId, openingTimeoutMs)
    const record = async (): Promise<Standing | undefined> => {
      opening.isOnRecord = await ports.log.append(sessionId, { name: 'SessionOpened', value })
      if (!opening.isOnRecord) first.abandon()
      return first.arrived
    }
    const standing = await Promise.race([first.arrived, record()])
    if (standing === 'suspended')
      return refused('SESSION_SUSPENDED', 'session: expected to open in good standing, got suspended at once')
    if (standing !== undefined) return granted(undefined)
    ports.abandoned.abandon(sessionId, opening.isOnRecord === true)
    return notOpened(opening.isOnRecord, openingTimeoutMs)
  }
}

/** @param isOnRecord `undefined`: the log did not answer in time */
const notOpened = (isOnRecord: boolean | undefined, limitMs: number): Answer<never> => {
  if (isOnRecord === true)
    return refused(
      'DECISION_MISSING',
      `first decision: expected one from a scorer within ${limitMs} ms, got none; is a scorer up?`,
    )
  const got = isOnRecord === false ? 'a fault, see the log of identity' : 'no answer'
  return refused(
    'LOG_UNAVAILABLE',
    `session log: expected the brokers to acknowledge the opening within ${limitMs} ms, got ${got}; is Kafka up?`,
  )
}
