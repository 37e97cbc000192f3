import { printable } from '../terminal/printable.ts'
import type { OpenSession } from './open-sessions.ts'

const titles = ['SESSION', 'STANDING', 'SINCE', 'LAST SEEN', 'AGENT', 'PLATFORM', 'HUMAN'] as const

/** A line a session under a line of titles; nothing is cut, so that what stands there can be given to the kill switch. */
export const sessionLines = (sessions: readonly OpenSession[]): readonly string[] => {
  if (sessions.length === 0) return ['No session is open.']
  const rows = [titles, ...sessions.map(cellsOf)]
  const widths = titles.map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

const cellsOf = (session: OpenSession): readonly string[] => {
  const { sessionId, standing, revokedBy } = session
  // Its id stands beside it already.
  const scope = revokedBy === `session:${sessionId}` ? 'its own id' : revokedBy
  return [
    sessionId,
    scope === null ? standing : `${standing}, stopped by ${scope}`,
    toSeconds(session.openedAt),
    toSeconds(session.lastSeenAt),
    session.agent,
    session.platform,
    session.human,
  ].map(printable)
}

const toSeconds = (time: string): string => time.replace(/\.\d+Z$/, 'Z')
