import { styleText } from 'node:util'

import type { Standing } from '@cordon/schemas'

import type { Block, LiveSession } from './live-state.ts'

const styles = {
  unknown: 'gray',
  trusted: 'green',
  verify: 'yellow',
  read_only: 'magenta',
  suspended: 'red',
  ended: 'gray',
} as const satisfies Record<Standing, Parameters<typeof styleText>[0]>

const columns = [
  { title: 'SESSION', width: 15 },
  { title: 'AGENT', width: 19 },
  { title: 'HUMAN', width: 24 },
  { title: 'LAST CALL', width: 24 },
  { title: 'CALLS', width: 6 },
  { title: 'SCORE', width: 6 },
  { title: 'STANDING', width: 10 },
] as const

const fit = (text: string, width: number): string =>
  text.length > width - 1 ? `${text.slice(0, width - 2)}… ` : text.padEnd(width)

const row = (cells: readonly string[]): string =>
  columns.map(({ width }, index) => fit(cells[index] ?? '', width)).join('')

// The end of a UUIDv7 is what differs between sessions of the same minute.
const shortId = (sessionId: string): string =>
  `${sessionId.slice(0, sessionId.indexOf('.') + 1)}…${sessionId.slice(-8)}`

/** One line a session, with a header line. */
export const sessionTable = (sessions: readonly LiveSession[]): string[] => [
  styleText('bold', row(columns.map(({ title }) => title))),
  ...sessions.map(session =>
    styleText(
      styles[session.standing],
      row([
        shortId(session.sessionId),
        session.agentId,
        session.human,
        session.lastCall,
        `${session.calls}`,
        session.score.toFixed(0),
        session.standing.replace('_', '-'),
      ]),
    ),
  ),
]

const milliseconds = (value: number | undefined): string =>
  value === undefined ? '—' : `${value.toFixed(0)} ms`

const timing = ({ callToDecisionMs, callToBlockMs, decisionAgeMs }: Block): string =>
  decisionAgeMs === undefined
    ? `call → decision ${milliseconds(callToDecisionMs)}, call → block ${milliseconds(callToBlockMs)}`
    : `call → block ${milliseconds(callToBlockMs)}, by a decision ${milliseconds(decisionAgeMs)} old`

/** What was blocked, why, and how long it took. */
export const blockReport = (block: Block): string[] => [
  styleText(['bold', 'red'], `BLOCKED  ${block.tool}  (${block.reason})`),
  `  session ${shortId(block.sessionId)} of ${block.agentId} for ${block.human}: score ${block.score.toFixed(0)}, now ${block.standing.replace('_', '-')}`,
  `  ${timing(block)}`,
  ...block.contributions
    .filter(({ nats }) => Math.abs(nats) >= 0.05)
    .map(
      ({ signal, nats, fact }) =>
        `  ${nats >= 0 ? '+' : '−'}${Math.abs(nats).toFixed(1)} nats  ${signal.padEnd(12)} ${fact}`,
    ),
]
