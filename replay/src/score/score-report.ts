import { maturityInWords } from '@cordon/risk'
import type { Verdict } from '@cordon/schemas'
import type { TraceProblem } from '@cordon/traces'

import { leftOutLines, namedLines, type LeftOut } from '../left-out.ts'
import { learningNotes } from '../learning-notes.ts'
import { heldLines, reachedStandings, type ReachedStanding } from '../replay-report.ts'
import { thresholdLines, type ThresholdsInForce } from '../thresholds-in-force.ts'

/** What came of scoring a file. */
export interface ScoreReport {
  readonly learned: number
  readonly scored: number
  readonly calls: number
  /** Sessions that were learned from, and then scored by what was learned from them. */
  readonly learnedAndScored: number
  /** Sessions with the sid of an earlier one: both are scored, and lines of the output stand under one sid. */
  readonly repeated: readonly TraceProblem[]
  /** Sessions by the gravest standing that they reached. */
  readonly standings: Readonly<Record<ReachedStanding, number>>
  /** Calls by what would have become of them. */
  readonly verdicts: Readonly<Record<Verdict, number>>
  readonly thresholds: readonly ThresholdsInForce[]
  /** Of the scored sessions, with how many sessions had taught each. */
  readonly agents: Readonly<Record<string, number>>
}

/** Nobody reads more. */
const listed = 20

/** The report for people. */
export const scoreReportLines = (report: ScoreReport, leftOut: LeftOut): string[] => {
  const { learned, scored, calls, learnedAndScored, standings, verdicts, thresholds } = report
  const agents = Object.entries(report.agents)
  const more = agents.length - listed
  const notes = learningNotes({ sessions: learned, alsoJudged: learnedAndScored, thresholds })
  return [
    `learned from       ${learned} sessions`,
    `scored             ${scored} sessions with ${calls} calls`,
    `gravest standing   ${reachedStandings.map(standing => `${standing} ${standings[standing]}`).join(', ')}`,
    `calls              forward ${verdicts.forward}, hold ${verdicts.hold}, deny ${verdicts.deny}`,
    ...heldLines(verdicts),
    'agents',
    ...agents.slice(0, listed).map(([agent, sessions]) => `  ${agent}: ${maturityInWords(sessions)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...thresholdLines(thresholds),
    ...leftOutLines(leftOut.lines, leftOut.first),
    ...namedLines('repeated sids', report.repeated.length, report.repeated),
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ]
}
