import type { Percentiles } from '@cordon/foundation'
import type { Standing, Verdict } from '@cordon/schemas'
import type { TraceProblem } from '@cordon/traces'

import { learningNotes } from './learning-notes.ts'
import { leftOutLines } from './left-out.ts'
import { thresholdLines, type ThresholdsInForce } from './thresholds-in-force.ts'

/** What a replay showed. Durations in milliseconds. */
export interface ReplayReport {
  readonly sessions: number
  readonly calls: number
  /** Records of `session-events` that were published. */
  readonly events: number
  readonly seconds: number
  readonly eventsPerSecond: number
  /** Sessions by the gravest standing that they reached. */
  readonly standings: Readonly<Record<ReachedStanding, number>>
  /** Gated calls by what the scorer said of them. */
  readonly verdicts: Readonly<Record<Verdict, number>>
  readonly decisions: number
  /** From the publishing of an event to an engine's table holding the decision that follows from it. */
  readonly eventToDecisionMs: Percentiles
  readonly learnedSessions: number
  /** Sessions that were learned from, and then judged by what was learned from them. */
  readonly learnedAndPlayed: number
  readonly thresholds: readonly ThresholdsInForce[]
  /** Recorded seconds per second; `max`: as fast as it went, so that durations are those under full load. */
  readonly speed: number | 'max'
  /** Lines of the recordings that are no session. */
  readonly linesLeftOut: number
  /** The first of them. */
  readonly problems: readonly TraceProblem[]
}

export type ReachedStanding = Exclude<Standing, 'unknown' | 'ended'>

/** From least to most grave. */
export const reachedStandings: readonly ReachedStanding[] = ['trusted', 'verify', 'read_only', 'suspended']

/** Why more may be held than stood worse than trusted. */
export const heldLines = ({ hold }: Pick<Readonly<Record<Verdict, number>>, 'hold'>): string[] =>
  hold === 0
    ? []
    : [
        '                   (in mode gate a call is held for a rare, foreign target that came out of a result, whatever the standing)',
      ]

/** The report for people. */
export const reportLines = (report: ReplayReport): string[] => {
  const { eventToDecisionMs: latency, standings, verdicts } = report
  return [
    `${report.sessions} sessions, ${report.calls} calls, ${report.events} events in ${report.seconds.toFixed(1)} s: ${report.eventsPerSecond.toFixed(0)} events/s`,
    `learned from       ${report.learnedSessions} sessions`,
    `gravest standing   ${reachedStandings.map(standing => `${standing} ${standings[standing]}`).join(', ')}`,
    `gated calls        forward ${verdicts.forward}, hold ${verdicts.hold}, deny ${verdicts.deny}`,
    ...heldLines(verdicts),
    `decisions          ${report.decisions}`,
    `event → decision   ${latencyText(latency)}`,
    ...thresholdLines(report.thresholds),
    ...leftOutLines(report.linesLeftOut, report.problems),
    ...noteLines(report),
  ]
}

const noteLines = ({ learnedSessions, learnedAndPlayed, thresholds, speed }: ReplayReport): string[] => {
  const notes = [
    ...learningNotes({ sessions: learnedSessions, alsoJudged: learnedAndPlayed, thresholds }),
    ...(speed === 'max' ? ['Played as fast as it goes: event → decision is the time under full load.'] : []),
  ]
  return notes.length === 0 ? [] : ['', ...notes]
}

const latencyText = ({ count, p50, p99, p999 }: Percentiles): string =>
  count === 0
    ? 'no decision followed an event'
    : `p50 ${p50} ms, p99 ${p99} ms, p99.9 ${p999} ms (${count} samples)`
