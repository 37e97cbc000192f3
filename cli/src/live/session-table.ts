import { styleText } from 'node:util'

import type { Standing } from '@cordon/schemas'

import { printable } from '../terminal/printable.ts'
import type { LiveSession } from './live-session.ts'
import { stopInWords, type Stop } from './stop.ts'

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

/** Only where any session is stopped. */
const stoppedByWidth = 30
const stopsShown = 4

const fit = (text: string, width: number): string => {
  const shown = printable(text)
  return shown.length > width - 1 ? `${shown.slice(0, width - 2)}… ` : shown.padEnd(width)
}

const row = (cells: readonly string[], stoppedBy?: string): string =>
  columns
    .map(({ title, width }, index) => {
      const cell = fit(cells[index] ?? '', width)
      return title === 'REFUSED' && stoppedBy !== undefined ? cell + fit(stoppedBy, stoppedByWidth) : cell
    })
    .join('')

const unknown = 'unknown'

const scoreOf = ({ judged }: LiveSession): string => judged?.score.toFixed(0) ?? '—'

const stoppedByOf = ({ sessionId, stops }: LiveSession): string =>
  // Its id stands beside it already.
  stops.map(({ scope }) => (scope === `session:${sessionId}` ? 'its own id' : scope)).join(' and ')

/** In full what stops the sessions above; the table is redrawn in place, and must not outgrow the terminal. */
const stopLines = (sessions: readonly LiveSession[]): string[] => {
  const stops = [
    ...new Map(sessions.flatMap(session => session.stops.map(stop => [stop.scope, stop] as const))).values(),
  ]
  const more = stops.length - stopsShown
  return [
    ...stops
      .slice(0, stopsShown)
      .map((stop: Stop) => styleText('red', printable(`stopped: ${stopInWords(stop)}`))),
    ...(more > 0 ? [styleText('dim', `… ${more} more stopped, as \`cordon revocations\` lists them`)] : []),
  ]
}

/** One line a session, with a header line; what stops any of them below. @param total how many there are, with those that are not shown */
export const sessionTable = (sessions: readonly LiveSession[], total: number): string[] => {
  const isAnyStopped = sessions.some(({ stops }) => stops.length > 0)
  const line = (cells: readonly string[], stoppedBy: string): string =>
    row(cells, isAnyStopped ? stoppedBy : undefined)
  return [
    styleText(
      'bold',
      line(
        columns.map(({ title }) => title),
        'STOPPED BY',
      ),
    ),
    ...sessions.map(session =>
      styleText(
        styles[session.stops.length > 0 ? 'suspended' : session.standing],
        line(cellsOf(session), stoppedByOf(session)),
      ),
    ),
    ...(total > sessions.length ? [styleText('dim', `… ${total - sessions.length} more`)] : []),
    ...stopLines(sessions),
  ]
}

const cellsOf = (session: LiveSession): readonly string[] => [
  session.sessionId,
  session.standing,
  session.worst,
  scoreOf(session),
  `${session.calls}`,
  `${session.refused}`,
  session.agentId ?? unknown,
  session.human ?? unknown,
  session.lastCall,
]
