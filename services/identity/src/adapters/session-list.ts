import type { sessionEntry } from '../core/session-entry.ts'
import type { Revocations, SessionDecisions } from '../ports.ts'
import type { SessionStore } from '../ports/session-store.ts'
import { faultAnswer, type HttpAnswer } from './http-answer.ts'

/** Some 400 bytes each. */
const sessionsPerAnswer = 1000

/** `GET /sessions?after=<place>`: open sessions, a thousand at a time, in the order in which they opened. */
export type SessionList = (query: URLSearchParams) => Promise<HttpAnswer>

export const createSessionList = (options: {
  readonly store: Pick<SessionStore, 'openAfter'>
  readonly decisions: Pick<SessionDecisions, 'standing'>
  readonly revocations: Revocations
  readonly rules: { readonly sessionEntry: typeof sessionEntry }
}): SessionList => {
  const { store, decisions, revocations, rules } = options
  return async query => {
    const asked = query.get('after') ?? '-1'
    const after = Number(asked)
    if (!/^(?:-1|\d{1,15})$/.test(asked))
      return faultAnswer(
        'QUERY_INVALID',
        'after: expected the "next" of an answer, or nothing, got another text',
      )
    const page = await store.openAfter(after, sessionsPerAnswer)
    const sessions = page.map(open => {
      const standing = decisions.standing(open.session.sessionId)
      const entry = rules.sessionEntry(open, { standing, revocations: revocations.active() })
      const { openedAt, lastSeenAt, endsAt } = entry
      return { ...entry, openedAt: iso(openedAt), lastSeenAt: iso(lastSeenAt), endsAt: iso(endsAt) }
    })
    const last = page.length < sessionsPerAnswer ? undefined : page.at(-1)?.statusIndex
    return {
      status: 200,
      body: { sessions, ...(last !== undefined && { next: last }) },
      headers: { 'cache-control': 'no-store' },
    }
  }
}

const iso = (at: number): string => new Date(at).toISOString()
