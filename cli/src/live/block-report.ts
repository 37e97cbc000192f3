import { styleText } from 'node:util'

import { maturityInWords, type Thresholds } from '@cordon/risk'
import type { Contribution } from '@cordon/schemas'

import { printable } from '../terminal/printable.ts'
import type { Block } from './block.ts'
import { cutInWords, type Cut } from './cut.ts'
import type { Downgrade } from './downgrade.ts'
import type { LiveSession } from './live-session.ts'
import type { Judgement } from './session-fact.ts'
import { refusalInWords } from './refusal-in-words.ts'
import { judgementInWords } from './score-in-words.ts'
import { stopInWords, type Stop } from './stop.ts'
import { ToldContributions } from './told-contributions.ts'

/** What a contribution must at least be to be worth a line: what is less shows as 0.00. */
const leastNats = 0.005

/** Reports what was blocked, why, and how long it took; of a session that was told of, only what is new. */
export class BlockReports {
  readonly #told = new ToldContributions()
  readonly #thresholds: Thresholds | undefined

  /** @param thresholds the bundle's; absent where they are calibrated */
  constructor(thresholds: Thresholds | undefined) {
    this.#thresholds = thresholds
  }

  linesOf(block: Block): string[] {
    const { session, tool, reason, cause } = block
    const { sessionId } = session
    const judgement = typeof cause === 'object' ? cause.judgement : undefined
    const told = worthTelling(judgement)
    const news = this.#told.news(sessionId, told)
    const title = styleText(
      ['bold', 'red'],
      printable(`BLOCKED  ${tool}: ${refusalInWords(reason, judgement)} (${reason})`),
    )
    if (judgement !== undefined && told.length > 0 && news.length === 0)
      return [title, printable(`  session ${sessionId}, as above: ${timing(block).join(', ')}`)]
    const because = judgement === undefined ? [] : [this.#because(block, told.length > news.length)]
    const lines = [
      `  session ${nameOf(session)}`,
      ...stopLines(block),
      ...maturity(session),
      ...timing(block).map(text => `  ${text}`),
      ...because.map(text => `  ${text}`),
      ...news.map(contributionLine),
    ]
    return [title, ...lines.map(printable)]
  }

  linesOfCut({ session, tool, reason, stops }: Cut): string[] {
    const title = printable(`CUT  ${tool}: it was under way when ${cutInWords[reason]} (${reason})`)
    const lines = [`  session ${nameOf(session)}`, ...scopeLines(stops)]
    return [styleText(['bold', 'red'], title), ...lines.map(printable)]
  }

  linesOfDowngrade({ session, judgement }: Downgrade): string[] {
    const told = worthTelling(judgement)
    const news = this.#told.news(session.sessionId, told)
    const what = told.length > news.length ? 'beside what is told above' : 'for what it did so far'
    const title = printable(`${judgement.standing.toUpperCase()}  session ${nameOf(session)}`)
    const lines = [
      ...maturity(session),
      `  ${judgementInWords(judgement, this.#thresholds)}, ${what}:`,
      ...news.map(contributionLine),
    ]
    return [styleText(['bold', 'red'], title), ...lines.map(printable)]
  }

  #because({ cause }: Block, beyondTold: boolean): string {
    if (typeof cause !== 'object') return ''
    const when = cause.standingForMs === undefined ? 'so far' : 'before'
    const what = beyondTold ? `beside what is told above` : `for what it did ${when}`
    return `${judgementInWords(cause.judgement, this.#thresholds)}, ${what}:`
  }
}

const worthTelling = (judgement: Judgement | undefined): readonly Contribution[] =>
  (judgement?.contributions ?? []).filter(({ nats }) => Math.abs(nats) >= leastNats)

const nameOf = ({ sessionId, agentId = 'unknown', human = 'unknown' }: LiveSession): string =>
  `${sessionId} of ${agentId} for ${human}`

const stopsTold = 4

const stopLines = ({ stops, cause, reason }: Block): string[] => {
  if (reason === 'REVOKED' && cause === 'unseen')
    return [
      '  stopped by a scope that the log of a session does not tell, as a grant; `cordon sessions` names it',
    ]
  return scopeLines(stops)
}

const scopeLines = (stops: readonly Stop[]): string[] => {
  const more = stops.length - stopsTold
  return [
    ...stops.slice(0, stopsTold).map(stop => `  stopped by ${stopInWords(stop)}`),
    ...(more > 0 ? [`  … and by ${more} more`] : []),
  ]
}

const maturity = ({ baselineSessions }: LiveSession): string[] =>
  baselineSessions === undefined ? [] : [`  ${maturityInWords(baselineSessions)}`]

const timing = ({ cause, callToBlockMs, reason }: Block): string[] => {
  // What is refused at the door is no attempt, and has no time of its own.
  const block = callToBlockMs === undefined ? [] : [`call → block ${milliseconds(callToBlockMs)}`]
  if (cause === undefined || (cause === 'unseen' && reason === 'REVOKED')) return block
  if (cause === 'unseen') return [...block, 'by a decision that this view has not seen']
  const { judgement, callToDecisionMs, standingForMs } = cause
  const isVerdict = standingForMs === undefined
  const judged =
    callToDecisionMs === undefined
      ? []
      : [`call → ${isVerdict ? 'verdict' : 'standing'} ${milliseconds(callToDecisionMs)}`]
  if (isVerdict) return [[...judged, ...block].join(', ')]
  const since = `${judgement.standing} for ${milliseconds(standingForMs)}`
  return [...block, [since, ...judged.map(text => `(${text})`)].join(' ')]
}

const contributionLine = ({ signal, nats, fact }: Contribution): string =>
  `    ${nats >= 0 ? '+' : '−'}${Math.abs(nats).toFixed(2)} nats  ${signal.padEnd(12)} ${fact}`

const milliseconds = (value: number): string => `${value.toFixed(0)} ms`
