import { setTimeout as pause } from 'node:timers/promises'

import { parseSessionId, partitionOfSession } from '@cordon/foundation'
import type { RecordCodec } from '@cordon/stream'

import type { BenchOptions } from '../bench-options.ts'
import { learnLoadBaselines } from '../load/load-baselines.ts'
import { startChild } from '../process/child.ts'
import { loadAverage } from '../process/machine-load.ts'
import { thisMachine, type BenchReport } from '../report.ts'
import { openBenchBackbone, type BenchBackbone } from '../stack/bench-backbone.ts'
import { watchDecisions, type DecisionWatch } from '../stack/decision-watch.ts'
import { plainBundle } from '../stack/plain-bundle.ts'
import { readScorerLog } from '../stack/scorer-log.ts'
import { openCodec } from '../stack/stream-access.ts'
import { restorePhases } from './restore-phases.ts'
import type { StateQuestions, WrittenStates } from './state-questions.ts'

const input = { seed: 20_260_101, partitions: 4, badShare: 0.05, trials: 3 } as const
const defaultSessions = 200_000
const debugLog = { CORDON_LOG_LEVEL: 'debug' } as const
const decisionLimitMs = 60_000
const pollMs = 5

/** A scorer is killed; another one restores its sessions and decides. */
export const runRestoreBench = async ({ sessions = defaultSessions }: BenchOptions): Promise<BenchReport> => {
  const backbone = await openBenchBackbone({
    partitions: input.partitions,
    bundle: plainBundle,
    baselines: learnLoadBaselines(input.seed),
  })
  try {
    const { samples, ...states } = await writeStates(backbone, sessions)
    const codec = await openCodec(backbone.access)
    let scorer = await backbone.startScorer('scorer-0', debugLog)
    const results: Record<string, Record<string, number>> = {}
    for (let trial = 1; trial <= input.trials; trial += 1) {
      const watch = await watchDecisions(backbone.client)
      await scorer.kill()
      const killedAt = Date.now()
      const ending = samples.map(told => told[trial - 1]!)
      await endSessions(backbone, ending, codec)
      const startedAt = Date.now()
      scorer = await backbone.startScorer(`scorer-${trial}`, debugLog)
      const { first, last } = await awaitDecisions(watch, ending)
      await watch.close()
      const { restoredAt, ...phases } = restorePhases(await readScorerLog(scorer.logFile), startedAt)
      results[`trial${trial}`] = {
        crashToFirstDecision: first - killedAt,
        crashToEveryPartition: last - killedAt,
        ...phases,
        decisionMs: Math.max(0, last - restoredAt),
      }
      console.error(`trial ${trial}: ${last - killedAt} ms to a decision on every partition`)
    }
    const faults = Object.entries(results)
      .filter(([, { records = 0 }]) => records < sessions)
      .map(([trial]) => `${trial}: expected at least ${sessions} records restored, got fewer`)
    return {
      name: 'restore',
      machine: thisMachine(),
      input: { ...input, sessions, ...states, broker: backbone.broker },
      results: { ...results, loadAverage: loadAverage() },
      notes,
      ...(faults.length > 0 && { faults }),
    }
  } finally {
    await backbone.close()
  }
}

const writeStates = async ({ access }: BenchBackbone, sessions: number): Promise<WrittenStates> => {
  console.error(`writing ${sessions} sessions`)
  const writer = startChild<StateQuestions>(new URL('state-process.ts', import.meta.url))
  try {
    return await writer.ask('write', { ...input, access, sessions })
  } finally {
    await writer.stop()
  }
}

/** Ends a session on each partition: a decision follows from that only where the session was restored. */
const endSessions = async (
  { client }: BenchBackbone,
  sessionIds: readonly string[],
  codec: RecordCodec,
): Promise<void> => {
  const publisher = await client.openPublisher()
  const endedAt = Date.now()
  await publisher.publish(
    sessionIds.map(sessionId => ({
      topic: 'session-events',
      partition: partitionOfSession(parseSessionId(sessionId)),
      key: sessionId,
      value: codec.encode('session-events', 'SessionEnded', { sessionId, endedAt, reason: 'closed' }),
    })),
  )
  await publisher.close()
}

/** When the first and the last of the sessions were decided on. */
const awaitDecisions = async (
  { seen }: DecisionWatch,
  sessionIds: readonly string[],
): Promise<{ readonly first: number; readonly last: number }> => {
  const awaited = new Set(sessionIds)
  const limit = Date.now() + decisionLimitMs
  while (Date.now() < limit) {
    const times = seen.filter(({ sessionId }) => awaited.has(sessionId)).map(({ at }) => at)
    if (times.length >= awaited.size) return { first: Math.min(...times), last: Math.max(...times) }
    await pause(pollMs)
  }
  throw new Error(`restore: expected ${awaited.size} sessions ended within ${decisionLimitMs} ms, got fewer`)
}

const notes = [
  'Milliseconds from kill -9 of the only scorer to the decisions that follow from ends of restored sessions, one per partition, which wait in the log: a session that was not restored gives none. A new process is started at once; nothing stands by.',
  'startMs: process, files, registry. joinMs: the group waits out the session timeout of the scorer that is gone (6 s after its last heartbeat), then the first partition is claimed. restoreMs: from then until the last partition is taken over; recordsPerSecond is of that. decisionMs: the rest.',
  "The states were made by the kernel from sessions of the shape of recorded ones and encoded by the scorer's processor; the changelog holds each once, as a compacted one would.",
  'Not measured: the part of a changelog that is not compacted yet, a cold page cache, replication, networks, TLS.',
] as const
