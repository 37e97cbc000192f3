import type { KeyObject } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

import { parseSessionId, partitionOfSession, percentiles, seededRandom } from '@cordon/foundation'
import type { OnProgress } from '@cordon/infra'
import { loadBundleFile } from '@cordon/policy'
import type { TraceSession } from '@cordon/traces'

import { bundleOf, fixedBundle, inferredBundles, type CallBundles } from './call-bundles.ts'
import { DecisionLatency } from './decision-latency.ts'
import { learnBaselines } from './learn.ts'
import { LearnedSessions } from './learned-sessions.ts'
import { LeftOut } from './left-out.ts'
import { loadTraces } from './load-traces.ts'
import { measuringClient } from './measuring-client.ts'
import { playedPorts } from './played-ports.ts'
import { openPlayedPorts } from './open-played-ports.ts'
import { streamTarget } from './play-target.ts'
import { play } from './player.ts'
import { recordingKey } from './recording-key.ts'
import type { ReplayReport } from './replay-report.ts'
import { startReplayStack, type ReplayStack } from './replay-stack.ts'
import { openScoredPositions } from './scored-position.ts'
import { SessionTally } from './session-tally.ts'
import { thresholdsInForce } from './thresholds-in-force.ts'
import { makeTimeline, type PlayedStep, type TimelineOptions } from './timeline.ts'

export interface ReplayOptions {
  readonly files: readonly string[]
  /** Sessions that count as closed in good standing; without any, nothing is known of the agents. */
  readonly learn: readonly string[]
  /** A bundle whose catalogue has the tools, one without a server as `recorded/<tool>`; without one, each is treated as its name suggests. */
  readonly bundleFile?: string
  /** Recorded seconds per second; `Infinity`: as fast as it goes. */
  readonly speed: number
  /** Sessions alive at one moment, on average. */
  readonly concurrent: number
  readonly partitions: number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly onProgress: OnProgress
  readonly onPhase: (text: string) => void
}

const pollMs = 20

/**
 * Plays recorded sessions through the engine's publishing path, Kafka and the scorer, and says what came of it.
 * @throws CordonError where a recording or the bundle cannot be played, before anything is started; where a part that it
 *   runs on ends by itself
 */
export const replay = async (options: ReplayOptions): Promise<ReplayReport> => {
  const leftOut = new LeftOut()
  const traces = await loadTraces(options.files, problem => leftOut.add(problem))
  const lessons = await loadTraces(options.learn, problem => leftOut.add(problem), { mayBeEmpty: true })
  const given = options.bundleFile === undefined ? undefined : await loadBundleFile(options.bundleFile)
  const bundles = given === undefined ? await inferredBundles(lessons) : fixedBundle(given)
  const bundle = given ?? bundleOf({})
  const timeline = timelineOptions(options)
  const steps = makeTimeline(traces, timeline)
  // Learned and played sessions must agree on fingerprints.
  const fingerprintKey = recordingKey(lessons)
  if (lessons.length > 0) options.onPhase(`learning from ${lessons.length} sessions`)
  const baselines = await learnBaselines(lessons, { bundles, fingerprintKey }, bundle.weights)
  const learned = new LearnedSessions(lessons)
  const stack = await startReplayStack({ ...options, bundle, baselines })
  try {
    options.onPhase(`playing ${traces.length} sessions`)
    const played = await Promise.race([
      playOn(traces, { ...options, stack, fingerprintKey, steps, bundles }),
      stack.failed.then(failure => Promise.reject(failure)),
    ])
    return {
      ...played,
      learnedSessions: lessons.length,
      learnedAndPlayed: traces.filter(trace => learned.has(trace)).length,
      thresholds: thresholdsInForce(bundle, baselines, new Set(traces.map(({ role }) => role))),
      speed: Number.isFinite(options.speed) ? options.speed : 'max',
      linesLeftOut: leftOut.lines,
      problems: leftOut.first,
    }
  } finally {
    await stack.close()
  }
}

const timelineOptions = ({ partitions, concurrent }: ReplayOptions): TimelineOptions => ({
  partitions,
  concurrent,
  endMs: Date.now(),
  random: seededRandom(1),
})

interface PlayOn {
  readonly stack: ReplayStack
  readonly fingerprintKey: KeyObject
  readonly steps: readonly PlayedStep[]
  readonly partitions: number
  readonly speed: number
  readonly bundles: CallBundles
}

const playOn = async (
  traces: readonly TraceSession[],
  { stack, fingerprintKey, steps, partitions, speed, bundles }: PlayOn,
): Promise<
  Omit<
    ReplayReport,
    'learnedSessions' | 'learnedAndPlayed' | 'thresholds' | 'speed' | 'linesLeftOut' | 'problems'
  >
> => {
  const { codec, bundle } = stack
  const latency = new DecisionLatency()
  const tally = new SessionTally()
  let events = 0
  const client = measuringClient(stack.client, (partition, offset, sentAt) => {
    events += 1
    latency.published(partition, offset, sentAt)
  })
  const opened = await openPlayedPorts({
    client,
    codec,
    bundle,
    fingerprintKey,
    onDecision: ({ sessionId, version }) =>
      latency.decided(partitionOfSession(parseSessionId(sessionId)), version, performance.now()),
  })
  const scored = await openScoredPositions(stack.client, codec, decision => tally.decided(decision))
  const publisher = await client.openPublisher()
  const ports = playedPorts(opened.ports, verdict => tally.judged(verdict))
  const target = streamTarget({
    ports,
    publisher,
    codec,
    partitions,
    pendingRecords: () => opened.pendingRecords,
  })

  const startedAt = performance.now()
  await play(steps, target, { speed, bundles })
  await target.flush()
  while (opened.pendingRecords > 0) await pause(pollMs)
  await scored.reachEnd()
  const seconds = (performance.now() - startedAt) / 1000

  await opened.close()
  await scored.close()
  return {
    sessions: traces.length,
    calls: traces.reduce((sum, { calls }) => sum + calls.length, 0),
    events,
    seconds,
    eventsPerSecond: events / seconds,
    standings: tally.standings(),
    verdicts: tally.verdicts,
    decisions: tally.decisions,
    eventToDecisionMs: percentiles(latency.samples),
  }
}
