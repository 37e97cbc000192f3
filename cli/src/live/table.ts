import { styleText } from 'node:util'

import type { Standing } from '@cordon/schemas'

import { printable } from '../terminal/printable.ts'
import type { Block, BlockCause, LiveSession } from './live-state.ts'

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

const fit = (text: string, width: number): string => {
  const shown = printable(text)
  return shown.length > width - 1 ? `${shown.slice(0, width - 2)}… ` : shown.padEnd(width)
}

const row = (cells: readonly string[]): string =>
  columns.map(({ width }, index) => fit(cells[index] ?? '', width)).join('')

// The end of a UUIDv7 is what differs between sessions of the same minute.
const shortId = (sessionId: string): string =>
  `${sessionId.slice(0, sessionId.indexOf('.') + 1)}…${sessionId.slice(-8)}`

const unknown = 'unknown'

const scoreOf = ({ judged }: LiveSession): string => judged?.score.toFixed(0) ?? '—'

/** One line a session, with a header line. */
export const sessionTable = (sessions: readonly LiveSession[]): string[] => [
  styleText('bold', row(columns.map(({ title }) => title))),
  ...sessions.map(session =>
    styleText(
      styles[session.standing],
      row([
        shortId(session.sessionId),
        session.agentId ?? unknown,
        session.human ?? unknown,
        session.lastCall,
        `${session.calls}`,
        scoreOf(session),
        session.standing.replace('_', '-'),
      ]),
    ),
  ),
]

const milliseconds = (value: number | undefined): string =>
  value === undefined ? '—' : `${value.toFixed(0)} ms`

const timing = (cause: BlockCause, callToBlockMs: number | undefined): string[] => {
  const block = `call → block ${milliseconds(callToBlockMs)}`
  // What is refused at the door is no attempt, and has no time of its own.
  if ('words' in cause) return callToBlockMs === undefined ? [] : [block]
  return cause.decisionAgeMs === undefined
    ? [`call → decision ${milliseconds(cause.callToDecisionMs)}, ${block}`]
    : [`${block}, by a decision ${milliseconds(cause.decisionAgeMs)} old`]
}

const reasons = (cause: BlockCause): string[] =>
  'words' in cause
    ? [cause.words]
    : cause.decision.contributions
        .filter(({ nats }) => Math.abs(nats) >= 0.05)
        .map(
          ({ signal, nats, fact }) =>
            `${nats >= 0 ? '+' : '−'}${Math.abs(nats).toFixed(1)} nats  ${signal.padEnd(12)} ${fact}`,
        )

/** What was blocked, why, and how long it took. */
export const blockReport = ({ session, tool, reason, callToBlockMs, cause }: Block): string[] => {
  const { agentId = unknown, human = unknown, standing } = session
  const [title = '', ...lines] = [
    `BLOCKED  ${tool}  (${reason})`,
    `  session ${shortId(session.sessionId)} of ${agentId} for ${human}: score ${scoreOf(session)}, now ${standing.replace('_', '-')}`,
    ...timing(cause, callToBlockMs).map(text => `  ${text}`),
    ...reasons(cause).map(text => `  ${text}`),
  ].map(printable)
  return [styleText(['bold', 'red'], title), ...lines]
}
