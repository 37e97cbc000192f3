import { setTimeout as pause } from 'node:timers/promises'

import { percentiles } from '@cordon/foundation'
import type { Publisher, RecordCodec } from '@cordon/stream'

import { learnLoadBaselines } from '../load/load-baselines.ts'
import { monotonicMs } from '../load/monotonic-time.ts'
import { sessionLoad } from '../load/session-load.ts'
import { startChild, type Child } from '../process/child.ts'
import { loadAverage } from '../process/machine-load.ts'
import { hop } from '../hop.ts'
import { thisMachine, type BenchReport, type Figure } from '../report.ts'
import { startBenchStack, type BenchStack } from '../stack/bench-stack.ts'
import { plainBundle } from '../stack/plain-bundle.ts'
import { effortPerCommit, parseScorerEffort } from '../stack/scorer-effort.ts'
import { openCodec } from '../stack/stream-access.ts'
import { joinDecisions } from './join-decisions.ts'
import { publishLoad } from './publish-load.ts'
import type { TableQuestions } from './table-questions.ts'

const input = {
  seed: 20_260_101,
  partitions: 4,
  badShare: 0.05,
  // Until then code is being compiled, in four processes.
  warmUpMs: 10_000,
  measuredMs: 30_000,
} as const

const rates = [500, 5000] as const

/** Decisions of the last events are on their way for so long, far beyond any percentile. */
const settleMs = 2000

/** From an event's publication to its decision in another process's table. */
export const runLatencyBench = async (): Promise<BenchReport> => {
  const stack = await startBenchStack({
    partitions: input.partitions,
    bundle: plainBundle,
    baselines: learnLoadBaselines(input.seed),
  })
  const table = startChild<TableQuestions>(new URL('table-process.ts', import.meta.url))
  try {
    await table.ask('open', stack.access)
    const parts = {
      stack,
      table,
      codec: await openCodec(stack.access),
      publisher: await stack.client.openPublisher(),
    }
    const results: Record<string, Figure | Readonly<Record<string, Figure>>> = {}
    for (const rate of rates) {
      console.error(`${rate} events/s for ${(input.warmUpMs + input.measuredMs) / 1000} s`)
      Object.assign(results, await runAt(rate, parts))
    }
    await table.ask('close', undefined)
    return {
      name: 'latency',
      machine: thisMachine(),
      input: { ...input, broker: stack.broker },
      results,
      notes,
    }
  } finally {
    await table.stop()
    await stack.close()
  }
}

interface Parts {
  readonly stack: BenchStack
  readonly table: Child<TableQuestions>
  readonly publisher: Publisher
  readonly codec: RecordCodec
}

const runAt = async (eventsPerSecond: number, { stack, table, publisher, codec }: Parts) => {
  const load = sessionLoad({
    ...input,
    seed: input.seed + eventsPerSecond,
    eventsPerSecond,
    durationMs: input.warmUpMs + input.measuredMs,
  })
  const before = parseScorerEffort(await stack.scorerMetrics())
  const startAt = monotonicMs() + 100
  const published = await publishLoad(load, publisher, codec, startAt)
  const busy = loadAverage()
  await pause(settleMs)
  const effort = effortPerCommit(before, parseScorerEffort(await stack.scorerMetrics()))
  const measuredFrom = startAt + input.warmUpMs
  const joined = joinDecisions(published, await table.ask('take', undefined), measuredFrom)
  const late = percentiles(after(measuredFrom, published.dueAt, published.dueAt, published.sentAt))
  const acknowledged = percentiles(
    after(measuredFrom, published.dueAt, published.sentAt, published.acknowledgedAt),
  )
  const sentToSeen = percentiles(joined.sentToSeen)
  return {
    [`at${eventsPerSecond}`]: { ...percentiles(joined.dueToSeen), loadAverage: busy },
    [`at${eventsPerSecond}Opened`]: { ...percentiles(joined.dueToSeenOf.opened) },
    [`at${eventsPerSecond}Ended`]: { ...percentiles(joined.dueToSeenOf.ended) },
    [`at${eventsPerSecond}Standing`]: { ...percentiles(joined.dueToSeenOf.standing) },
    [`at${eventsPerSecond}Band`]: { ...percentiles(joined.dueToSeenOf.band) },
    [`at${eventsPerSecond}Hops`]: {
      ...hop('dueToSent', late),
      ...hop('sentToAcknowledged', acknowledged),
      ...hop('sentToSeen', sentToSeen),
      ...effort,
    },
    [`at${eventsPerSecond}Decisions`]: {
      events: published.dueAt.filter(dueAt => dueAt >= measuredFrom).length,
      ...joined.counts,
      byTime: joined.byTime,
    },
  }
}

/** Differences of two columns, of events that were due in time. */
const after = (
  measuredFrom: number,
  dueAt: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
): number[] =>
  ends.flatMap((end, index) =>
    (dueAt[index] ?? 0) < measuredFrom ? [] : [end - (starts[index] ?? Number.NaN)],
  )

const notes = [
  'Milliseconds from the time at which an event should have been published (open loop) to the decision that follows from it standing in the decision table of an engine in another process. Most events change nothing: only those that a decision follows from are samples.',
  'Beside the total, apart: sessions that opened and ended, which is most of it, standings that changed, and scores that changed their band only.',
  'Broker, scorer, load and table share the machine; one scorer owns all partitions; events, decisions and state are acknowledged by one replica.',
  "Hops: due → sent is the load being late, by its timers mostly; means are per micro-batch of the scorer, warm-up included, by its own metrics; append → committed starts at the broker's time, which has whole milliseconds.",
  'loadAverage: processes that wanted a processor in the last minute, bench included; well above 3 somebody else was busy.',
  "Not measured: replication, networks, TLS, an engine's checks, sessions that wait for a gate.",
] as const
