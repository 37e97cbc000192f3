import { setTimeout as pause } from 'node:timers/promises'

import type { Publisher, RecordCodec } from '@cordon/stream'

import { publishLoad } from '../latency/publish-load.ts'
import { learnLoadBaselines } from '../load/load-baselines.ts'
import { monotonicMs } from '../load/monotonic-time.ts'
import { sessionLoad } from '../load/session-load.ts'
import { loadAverage } from '../process/machine-load.ts'
import { thisMachine, type BenchReport } from '../report.ts'
import { openBenchBackbone, type BenchBackbone, type BenchScorer } from '../stack/bench-backbone.ts'
import { watchDecisions } from '../stack/decision-watch.ts'
import { plainBundle } from '../stack/plain-bundle.ts'
import { readScorerLog, runningPartitions } from '../stack/scorer-log.ts'
import { openCodec } from '../stack/stream-access.ts'
import { longestGaps } from './longest-gap.ts'

const input = {
  seed: 20_260_101,
  partitions: 4,
  badShare: 0.05,
  eventsPerSecond: 2000,
  trials: 5,
  /** Of load before the kill, and after it: twice as long as the longest gap that would be in reach. */
  beforeMs: 5000,
  afterMs: 24_000,
} as const

const debugLog = { CORDON_LOG_LEVEL: 'debug' } as const
const pollMs = 100
const balanceLimitMs = 60_000

/** Two scorers under load; one is killed. */
export const runFailoverBench = async (): Promise<BenchReport> => {
  const backbone = await openBenchBackbone({
    partitions: input.partitions,
    bundle: plainBundle,
    baselines: learnLoadBaselines(input.seed),
  })
  try {
    const parts = {
      backbone,
      codec: await openCodec(backbone.access),
      publisher: await backbone.client.openPublisher(),
    }
    let [victim, survivor] = [await startScorer(backbone, 0), await startScorer(backbone, 1)]
    const trials: Trial[] = []
    for (let trial = 0; trial < input.trials; trial += 1) {
      trials.push(await runTrial(parts, { victim, survivor, trial }))
      console.error(`trial ${trial + 1}: ${trials.at(-1)!.gaps.join(', ')} ms without a decision`)
      // Who took over is killed next, beside one that has just come.
      victim = survivor
      survivor = await startScorer(backbone, trial + 2)
    }
    const gaps = trials.flatMap(trial => trial.gaps)
    const faults = trials.flatMap(trial => trial.faults)
    return {
      name: 'failover',
      machine: thisMachine(),
      input: { ...input, broker: backbone.broker },
      results: {
        longestGap: Math.max(...gaps),
        ...Object.fromEntries(
          trials.map((trial, index) => [
            `trial${index + 1}`,
            {
              longest: Math.max(...trial.gaps),
              shortest: Math.min(...trial.gaps),
              partitions: trial.gaps.length,
              others: trial.others,
            },
          ]),
        ),
        loadAverage: loadAverage(),
      },
      notes,
      ...(faults.length > 0 && { faults }),
    }
  } finally {
    await backbone.close()
  }
}

interface Parts {
  readonly backbone: BenchBackbone
  readonly publisher: Publisher
  readonly codec: RecordCodec
}

interface Trial {
  /** Of the partitions that the killed one owned, in milliseconds. */
  readonly gaps: readonly number[]
  /** The longest on any other partition. */
  readonly others: number
  readonly faults: readonly string[]
}

interface TrialPlan {
  readonly victim: BenchScorer
  readonly survivor: BenchScorer
  readonly trial: number
}

const startScorer = (backbone: BenchBackbone, index: number): Promise<BenchScorer> =>
  backbone.startScorer(`scorer-${index}`, debugLog)

const runTrial = async (
  { backbone, publisher, codec }: Parts,
  { victim, survivor, trial }: TrialPlan,
): Promise<Trial> => {
  const { owned, kept } = await awaitBalance(victim, survivor)
  const watch = await watchDecisions(backbone.client)
  const durationMs = input.beforeMs + input.afterMs
  const load = sessionLoad({ ...input, seed: input.seed + trial, durationMs })
  const published = publishLoad(load, publisher, codec, monotonicMs() + 100)
  await pause(input.beforeMs)
  const killedAt = Date.now()
  await victim.kill()
  await published
  const until = Date.now()
  await watch.close()
  const window = { from: killedAt, until }
  const gaps = longestGaps(watch.seen, owned, window)
  return {
    gaps,
    others: Math.max(...longestGaps(watch.seen, kept, window)),
    faults: gaps.some(gap => gap >= input.afterMs)
      ? [`trial ${trial + 1}: expected decisions again within ${input.afterMs} ms, got a partition without`]
      : [],
  }
}

/** Waits until both own partitions, and every partition runs on one of them. */
const awaitBalance = async (victim: BenchScorer, survivor: BenchScorer) => {
  const limit = monotonicMs() + balanceLimitMs
  while (monotonicMs() < limit) {
    const owned = runningPartitions(await readScorerLog(victim.logFile))
    const kept = runningPartitions(await readScorerLog(survivor.logFile))
    if (owned.size > 0 && kept.size > 0 && owned.size + kept.size === input.partitions) return { owned, kept }
    await pause(pollMs)
  }
  throw new Error('scorers: expected to share the partitions, got one that has none')
}

const notes = [
  'Milliseconds without a decision on each partition that the killed scorer owned, from the last one before kill -9 to the first one of the other scorer, seen by a follower in this process; longest and shortest of each trial. others: the longest on the partitions of the scorer that stays.',
  'Two scorers share four partitions; no third one stands by. The session timeout of the group is the default (6 s), of which the last heartbeat has used up to a third.',
  'Open loop: some 100 decisions per second and partition, so the gaps hold some 10 ms of the load itself.',
  'Not measured: a machine that is gone with its broker, networks, TLS, replication, a scorer that hangs instead of ending.',
] as const
