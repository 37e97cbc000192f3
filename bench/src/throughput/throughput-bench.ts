import type { BenchOptions } from '../bench-options.ts'
import { learnLoadBaselines } from '../load/load-baselines.ts'
import { startChild } from '../process/child.ts'
import { loadAverage } from '../process/machine-load.ts'
import { thisMachine, type BenchReport } from '../report.ts'
import { openBenchBackbone, type BenchBackbone } from '../stack/bench-backbone.ts'
import { plainBundle } from '../stack/plain-bundle.ts'
import { effortPerCommit } from '../stack/scorer-effort.ts'
import { openCodec } from '../stack/stream-access.ts'
import { awaitBacklog, type Reading } from './await-backlog.ts'
import type { Backlog, BacklogQuestions } from './backlog-questions.ts'
import { checkOutcome } from './check-outcome.ts'

const input = {
  seed: 20_260_101,
  partitions: 4,
  badShare: 0.05,
  /** Of log time: at this rate some 8,000 sessions are open at once. */
  eventsPerSecond: 10_000,
} as const

const defaultEvents = 2_000_000
const fewestLive = 5000

/** One scorer on a backlog. */
export const runThroughputBench = async ({ events = defaultEvents }: BenchOptions): Promise<BenchReport> => {
  const backbone = await openBenchBackbone({
    partitions: input.partitions,
    bundle: plainBundle,
    baselines: learnLoadBaselines(input.seed),
    recordedTime: true,
  })
  try {
    const backlog = await writeBacklog(backbone, events)
    const scorer = await backbone.startScorer('scorer', { CORDON_TICK_INTERVAL_MS: '0' })
    const readings = await awaitBacklog(scorer, backlog.records)
    const busy = loadAverage()
    // Outputs that were on their way get there before it ends.
    await scorer.stop()
    const outcome = await checkOutcome(backbone.client, await openCodec(backbone.access))
    const faults = faultsOf(backlog, readings, outcome)
    return {
      name: 'throughput',
      machine: thisMachine(),
      input: { ...input, events, ...backlog, broker: backbone.broker },
      results: { ...resultsOf(readings), loadAverage: busy },
      notes,
      ...(faults.length > 0 && { faults }),
    }
  } finally {
    await backbone.close()
  }
}

const writeBacklog = async ({ access }: BenchBackbone, events: number): Promise<Backlog> => {
  console.error(`writing ${events} events`)
  const writer = startChild<BacklogQuestions>(new URL('backlog-process.ts', import.meta.url))
  try {
    return await writer.ask('write', { ...input, access, events })
  } finally {
    await writer.stop()
  }
}

const resultsOf = (readings: readonly Reading[]) => {
  const end = readings.at(-1)!
  // The last reading before anything was committed; where the first is too late for that, it is the best there is.
  const begun = readings.findLast(({ events }) => events === 0) ?? readings[0]!
  const warm = readings.find(({ events }) => events >= end.events / 2)!
  const between = (from: Reading) => ({
    eventsPerSecond: Math.round((end.events - from.events) / ((end.at - from.at) / 1000)),
    eventsPerCpuSecond: Math.round((end.events - from.events) / (end.cpuSeconds - from.cpuSeconds)),
    cpuMicrosecondsPerEvent:
      Math.round(((end.cpuSeconds - from.cpuSeconds) / (end.events - from.events)) * 1e8) / 100,
  })
  return {
    whole: between(begun),
    warmHalf: between(warm),
    process: {
      seconds: Math.round(end.at - begun.at) / 1000,
      cpuSeconds: end.cpuSeconds,
      eventsPerCpuSecondOfProcess: Math.round(end.events / end.cpuSeconds),
      outputs: end.outputs,
    },
    commits: effortPerCommit(begun, end),
  }
}

const faultsOf = (
  backlog: Backlog,
  readings: readonly Reading[],
  { outputs, isAtEnd }: { readonly outputs: number; readonly isAtEnd: boolean },
): readonly string[] => {
  const end = readings.at(-1)!
  return [
    ...(end.events === backlog.records
      ? []
      : [`expected ${backlog.records} records committed once, got ${end.events}`]),
    ...(isAtEnd ? [] : ["expected every partition's position at the end of its input, got one that is not"]),
    ...(outputs === end.outputs ? [] : [`expected ${end.outputs} outputs in their topics, got ${outputs}`]),
    ...(backlog.liveAtMost >= fewestLive
      ? []
      : [`expected at least ${fewestLive} sessions open at once, got ${backlog.liveAtMost}`]),
  ]
}

const notes = [
  'One scorer process on a log that is complete when it starts; sessions of the shape of recorded ones, with the time that they carry and a tick per second and partition of it. From the last reading before the first commit to the first one with every record committed, read every 200 ms. The profiler runs in the same process, on what those sessions teach.',
  'A commit is acknowledged by the broker with state, position and outbox; afterwards positions and outputs are read back and compared. CPU seconds are those of the whole process, all threads: whole and warmHalf without its start, process with it.',
  'States and outputs are acknowledged by one replica; the broker shares the machine. Records that were not acknowledged, or counted twice, fail the bench.',
  'Not measured: replication, networks, TLS, several scorers, the 10 minutes after which ended sessions are forgotten (a longer log).',
] as const
