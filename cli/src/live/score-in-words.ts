import type { Standing } from '@cordon/schemas'
import { defaultPriors, type Thresholds } from '@cordon/risk'

import type { Judgement } from './session-fact.ts'

/** How standing and score come about, so that the figures of a report can be computed. */
export const scoreExplained = (thresholds: Thresholds | undefined): string[] => {
  const { logit, sensitivityLogit, slope } = defaultPriors
  const levels =
    thresholds === undefined
      ? 'by thresholds that are calibrated on sessions that closed in good standing'
      : `verify from ${thresholds.verify} nats on, read_only from ${thresholds.readOnly}, suspended from ${thresholds.suspend}`
  return [
    'What speaks against a session is its evidence. It is counted in nats (units of log odds), and fades with time. What the session may',
    `still do is its standing, which follows from the evidence alone: ${levels}.`,
    `The score says the same as a probability, from 0 to 100: 100·σ(start + ${slope}·evidence), where σ(x) = 1 / (1 + e^−x). The`,
    `start is ${minus(logit)}, unless the bundle says otherwise for the role of the human, and ${sensitivityLogit} more for each level of sensitivity of the`,
    'most sensitive tool that was called. An agent is compared with what its own sessions taught; a new one with what its role and',
    'everyone else do, until it is known: it is neither blocked nor trusted for being new.',
  ]
}

/** Evidence with the threshold that it is held against, and the score that follows. */
export const judgementInWords = (judgement: Judgement, thresholds: Thresholds | undefined): string => {
  const { evidence, score } = judgement
  const nats = `evidence ${minus(evidence, 2)} nats (${thresholdText(judgement, thresholds)})`
  return `${nats}, score ${score.toFixed(0)}${scoreSum(score, evidence)}`
}

const scoreSum = (score: number, evidence: number): string => {
  const { slope } = defaultPriors
  const start = Math.log(score / (100 - score)) - slope * evidence
  // Where the score is as good as 0 or 100, no number is left of where it started.
  return Number.isFinite(start) ? ` = 100·σ(${minus(start, 2)} + ${slope}·${minus(evidence, 2)})` : ''
}

const thresholdText = (
  { standing, thresholdBasis }: Judgement,
  thresholds: Thresholds | undefined,
): string => {
  const [level, name] = levelOf(standing)
  if (thresholds !== undefined) return `${name} from ${thresholds[level]}`
  return `${name} ${(thresholdBasis === undefined ? undefined : bases.get(thresholdBasis)) ?? 'by calibration'}`
}

const bases: ReadonlyMap<string, string> = new Map([
  ['role', 'by what sessions of its role reach'],
  ['pool', 'by what sessions of every role reach'],
  ['model', 'by a model, since sessions are too few to tell'],
])

const levelOf = (standing: Standing): readonly [level: keyof Thresholds, name: Standing] => {
  if (standing === 'suspended') return ['suspend', standing]
  return standing === 'read_only' ? ['readOnly', standing] : ['verify', 'verify']
}

const minus = (value: number, digits?: number): string => {
  const text = digits === undefined ? `${Math.abs(value)}` : Math.abs(value).toFixed(digits)
  return value < 0 ? `−${text}` : text
}
