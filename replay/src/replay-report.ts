import type { Standing, Verdict } from '@cordon/schemas'
import type { TraceProblem } from '@cordon/traces'

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
  readonly eventToDecisionMs: LatencySummary
  readonly learnedSessions: number
  readonly problems: readonly TraceProblem[]
}

export interface LatencySummary {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
}

export type ReachedStanding = Exclude<Standing, 'unknown' | 'ended'>

/** From least to most grave. */
export const reachedStandings: readonly ReachedStanding[] = ['trusted', 'verify', 'read_only', 'suspended']

/** By the nearest-rank method; NaN where there is no sample. */
export const summarise = (samples: readonly number[]): LatencySummary => {
  const sorted = Float64Array.from(samples).sort()
  const at = (share: number): number =>
    Math.round((sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN) * 100) / 100
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), p999: at(0.999) }
}

/** The report for people. */
export const reportLines = (report: ReplayReport): string[] => {
  const { eventToDecisionMs: latency, standings, verdicts } = report
  return [
    `${report.sessions} sessions, ${report.calls} calls, ${report.events} events in ${report.seconds.toFixed(1)} s: ${report.eventsPerSecond.toFixed(0)} events/s`,
    `learned from       ${report.learnedSessions} sessions`,
    `standings reached  ${reachedStandings.map(standing => `${standing.replace('_', '-')} ${standings[standing]}`).join(', ')}`,
    `gated calls        forward ${verdicts.forward}, hold ${verdicts.hold}, deny ${verdicts.deny}`,
    `decisions          ${report.decisions}`,
    `event → decision   p50 ${latency.p50} ms, p99 ${latency.p99} ms, p99.9 ${latency.p999} ms (${latency.count} samples)`,
    ...(report.problems.length === 0 ? [] : [`lines left out     ${report.problems.length}`]),
    ...report.problems.slice(0, 10).map(({ file, line, reason }) => `  ${file}:${line}: ${reason}`),
  ]
}
