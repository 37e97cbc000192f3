import { styleText } from 'node:util'

import type { Standing } from '@cordon/schemas'

import { printable } from '../terminal/printable.ts'
import type { LiveSession } from './live-session.ts'

const styles = {
  unknown: 'gray',
  trusted: 'green',
  verify: 'yellow',
  read_only: 'magenta',
  suspended: 'red',
  ended: 'gray',
} as const satisfies Record<Standing, Parameters<typeof styleText>[0]>

// What matters stands before what is long: narrow terminals cut the end. The id is whole, as the kill switch takes it.
const columns = [
  { title: 'SESSION', width: 41 },
  { title: 'STANDING', width: 10 },
  { title: 'WORST', width: 10 },
  { title: 'SCORE', width: 6 },
  { title: 'CALLS', width: 6 },
  { title: 'REFUSED', width: 8 },
  { title: 'AGENT', width: 19 },
  { title: 'HUMAN', width: 24 },
  { title: 'LAST CALL', width: 24 },
] as const

const fit = (text: string, width: number): string => {
  const shown = printable(text)
  return shown.length > width - 1 ? `${shown.slice(0, width - 2)}… ` : shown.padEnd(width)
}

const row = (cells: readonly string[]): string =>
  columns.map(({ width }, index) => fit(cells[index] ?? '', width)).join('')

const unknown = 'unknown'

const scoreOf = ({ judged }: LiveSession): string => judged?.score.toFixed(0) ?? '—'

/** One line a session, with a header line. @param total how many there are, with those that are not shown */
export const sessionTable = (sessions: readonly LiveSession[], total: number): string[] => [
  styleText('bold', row(columns.map(({ title }) => title))),
  ...sessions.map(session =>
    styleText(
      styles[session.standing],
      row([
        session.sessionId,
        session.standing,
        session.worst,
        scoreOf(session),
        `${session.calls}`,
        `${session.refused}`,
        session.agentId ?? unknown,
        session.human ?? unknown,
        session.lastCall,
      ]),
    ),
  ),
  ...(total > sessions.length ? [styleText('dim', `… ${total - sessions.length} more`)] : []),
]
