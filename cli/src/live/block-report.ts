import { styleText } from 'node:util'

import { printable } from '../terminal/printable.ts'
import type { Block, BlockCause } from './block.ts'
import { refusalInWords } from './refusal-in-words.ts'
import { shortId, standingName } from './session-table.ts'

/** What a contribution must at least be to be worth a line: what is less shows as 0.0. */
const leastNats = 0.05

/** What was blocked, why, and how long it took. */
export const blockReport = (block: Block): string[] => {
  const { session, tool, reason } = block
  const { agentId = 'unknown', human = 'unknown', sessionId } = session
  const [title = '', ...lines] = [
    `BLOCKED  ${tool}: ${refusalInWords(reason)} (${reason})`,
    `  session ${shortId(sessionId)} of ${agentId} for ${human}`,
    ...timing(block).map(text => `  ${text}`),
    ...(typeof block.cause === 'object' ? contributions(block.cause) : []).map(text => `    ${text}`),
  ].map(printable)
  return [styleText(['bold', 'red'], title), ...lines]
}

const timing = ({ cause, callToBlockMs }: Block): string[] => {
  // What is refused at the door is no attempt, and has no time of its own.
  const block = callToBlockMs === undefined ? [] : [`call → block ${milliseconds(callToBlockMs)}`]
  if (cause === undefined) return block
  if (cause === 'unseen') return [...block, 'by a decision that this view has not seen']
  const { judgement, callToDecisionMs, standingForMs } = cause
  const decision = callToDecisionMs === undefined ? [] : [`call → decision ${milliseconds(callToDecisionMs)}`]
  const score = `score ${judgement.score.toFixed(0)}`
  if (standingForMs === undefined)
    return [[...decision, ...block].join(', '), `${score}, for what it did so far:`]
  const since = `${standingName(judgement.standing)} for ${milliseconds(standingForMs)}`
  return [...block, `${since} (${[...decision, score].join(', ')}), for what it did before:`]
}

const contributions = ({ judgement }: BlockCause): string[] =>
  judgement.contributions
    .filter(({ nats }) => Math.abs(nats) >= leastNats)
    .map(
      ({ signal, nats, fact }) =>
        `${nats >= 0 ? '+' : '−'}${Math.abs(nats).toFixed(1)} nats  ${signal.padEnd(12)} ${fact}`,
    )

const milliseconds = (value: number): string => `${value.toFixed(0)} ms`
