import type { InvocationAttempted } from '@cordon/schemas'

import { silenceMs } from '../fade.ts'
import { nameKey } from '../hash.ts'
import { noteResult } from '../note-result.ts'
import { RiskError } from '../risk-error.ts'
import type { SessionEvent } from '../session-event.ts'
import { Session } from '../session/session.ts'
import {
  bringsNewTarget,
  findTaint,
  isSink,
  rememberArguments,
  rememberIntent,
} from '../signals/provenance-signal.ts'
import type { EntityHabit, KnownEntities } from '../signals/provenance-signal.ts'
import { rememberValues } from '../signals/wording-signal.ts'
import type { KnownAgent } from './lesson-draft.ts'
import { lessonOf } from './lesson-of.ts'
import type { Lesson } from './lesson.ts'

/** What is known of the session's agent, its role and everyone, as far as reading a session needs it. */
export interface KnownSoFar extends KnownEntities {
  readonly agent: EntityHabit & KnownAgent
}

/** Whose lesson it is. */
export interface Pupil {
  readonly agentId: string
  /** Of the human. */
  readonly role: string
}

/**
 * @param events one session's log in its order
 * @throws RiskError `SESSION_LOG_MALFORMED` where it does not begin with `SessionOpened`
 */
export const pupilOf = ([first]: readonly SessionEvent[]): Pupil => {
  if (first?.name === 'SessionOpened') return first.value
  throw new RiskError(
    'SESSION_LOG_MALFORMED',
    `session log: expected SessionOpened first, got ${first?.name ?? 'nothing'}`,
  )
}

/** What a whole log teaches: it is read the way the kernel does. Refused, late and repeated calls teach nothing. */
export const readLesson = (events: readonly SessionEvent[], known: KnownSoFar): Lesson => {
  const refused = new Set(
    events.flatMap(event => (event.name === 'InvocationDenied' ? event.value.invocationId : [])),
  )
  const session = new Session()
  const callNumbers = new Map<string, number>()
  const readAttempt = (attempt: InvocationAttempted, at: number): void => {
    if (callNumbers.has(attempt.invocationId)) return
    callNumbers.set(attempt.invocationId, session.calls)
    const position = session.tools.findOrAdd(attempt.tool, nameKey(attempt.tool))
    if (attempt.attemptedAt >= at && !refused.has(attempt.invocationId)) {
      const taint = isSink(attempt) ? findTaint(session, attempt, known) : undefined
      const isNewTarget = taint === undefined && bringsNewTarget(session, attempt, known)
      session.draft.attempt(session, attempt, taint, isNewTarget, known.agent)
    }
    session.tools.countCall(position)
    rememberArguments(session, attempt)
    rememberValues(session, attempt)
    session.calls += 1
  }
  session.lastAt = events[0]?.at ?? 0
  for (const { name, value, at } of events) {
    session.draft.wait(silenceMs(session.lastAt, at))
    session.lastAt = Math.max(session.lastAt, at)
    if (name === 'SessionOpened') rememberIntent(session, value)
    if (name === 'InvocationAttempted') readAttempt(value, at)
    if (name !== 'InvocationCompleted') continue
    noteResult(session, value, callNumbers.get(value.invocationId) ?? session.calls, known.agent)
    session.draft.complete(session, value)
  }
  return lessonOf(session)
}
