import type { OpenSession } from './open-sessions.ts'
import { tableLines, toSeconds } from './table-lines.ts'

const titles = ['SESSION', 'STANDING', 'SINCE', 'LAST SEEN', 'AGENT', 'PLATFORM', 'HUMAN'] as const

/** A line a session under a line of titles. */
export const sessionLines = (sessions: readonly OpenSession[]): readonly string[] =>
  sessions.length === 0 ? ['No session is open.'] : tableLines([titles, ...sessions.map(cellsOf)])

const cellsOf = (session: OpenSession): readonly string[] => {
  const { sessionId, standing, revokedBy } = session
  // Its id stands beside it already.
  const scopes = revokedBy.map(scope => (scope === `session:${sessionId}` ? 'its own id' : scope))
  return [
    sessionId,
    scopes.length === 0 ? standing : `${standing}, stopped by ${scopes.join(' and ')}`,
    toSeconds(session.openedAt),
    toSeconds(session.lastSeenAt),
    session.agent,
    session.platform,
    session.human,
  ]
}
