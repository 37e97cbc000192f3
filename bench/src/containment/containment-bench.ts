import { percentiles } from '@cordon/foundation'
import { emptyBaselines } from '@cordon/risk'
import type { Publisher, RecordCodec } from '@cordon/stream'

import { monotonicMs } from '../load/monotonic-time.ts'
import { startChild, type Child } from '../process/child.ts'
import { loadAverage } from '../process/machine-load.ts'
import { hop } from '../hop.ts'
import { thisMachine, type BenchReport, type Figure } from '../report.ts'
import { startBenchStack, type BenchStack } from '../stack/bench-stack.ts'
import { openCodec } from '../stack/stream-access.ts'
import { containmentBundle } from './containment-bundle.ts'
import type { HostQuestions } from './host-questions.ts'
import { joinRefusals } from './join-refusals.ts'
import { missedFaults } from './missed-faults.ts'
import { openSessions } from './open-sessions.ts'
import { planSessions } from './session-plan.ts'

const input = {
  seed: 20_260_101,
  partitions: 4,
  warmUpSessions: 50,
  sessions: 200,
  apartMs: 100,
  leadMs: 1000,
  // Two processors have no use for a process per engine; in one process, 32 engines would wait for each other.
  mostProcesses: 4,
} as const

const fleets = [1, 8, 32] as const

/** From the call that turns a session bad to the first refused call, at every engine that follows. */
export const runContainmentBench = async (): Promise<BenchReport> => {
  const stack = await startBenchStack({
    partitions: input.partitions,
    bundle: containmentBundle,
    baselines: emptyBaselines,
  })
  try {
    const parts = {
      stack,
      codec: await openCodec(stack.access),
      publisher: await stack.client.openPublisher(),
    }
    const results: Record<string, Figure | Readonly<Record<string, Figure>>> = {}
    const faults: string[] = []
    for (const engines of fleets) {
      const run = await runWith(engines, parts)
      Object.assign(results, run.results)
      faults.push(...run.faults)
    }
    return {
      name: 'containment',
      machine: thisMachine(),
      input: { ...input, broker: stack.broker },
      results,
      notes,
      ...(faults.length > 0 && { faults }),
    }
  } finally {
    await stack.close()
  }
}

interface Parts {
  readonly stack: BenchStack
  readonly codec: RecordCodec
  readonly publisher: Publisher
}

const runWith = async (engines: number, parts: Parts) => {
  const hosts = Array.from({ length: Math.min(engines, input.mostProcesses) }, () =>
    startChild<HostQuestions>(new URL('host-process.ts', import.meta.url)),
  )
  try {
    return await runOn(hosts, engines, parts)
  } finally {
    await Promise.all(hosts.map(host => host.stop()))
  }
}

const runOn = async (
  hosts: readonly Child<HostQuestions>[],
  engines: number,
  { stack, codec, publisher }: Parts,
) => {
  const numbers = Array.from({ length: engines }, (_, index) => index)
  await Promise.all(
    hosts.map((host, at) =>
      host.ask('open', {
        access: stack.access,
        bundle: containmentBundle,
        engines: numbers.filter(number => number % hosts.length === at),
      }),
    ),
  )
  const plan = planSessions({
    ...input,
    seed: input.seed + engines,
    engines,
    sessions: input.warmUpSessions + input.sessions,
  })
  const sessionIds = plan.map(({ sessionId }) => sessionId)
  await openSessions(sessionIds, publisher, codec)
  await Promise.all(hosts.map(host => host.ask('hold', sessionIds)))
  console.error(`${engines} engines, ${plan.length} sessions in ${(plan.length * input.apartMs) / 1000} s`)
  const startAt = monotonicMs() + 200
  const played = await Promise.all(hosts.map(host => host.ask('play', { plan, startAt })))
  const busy = loadAverage()
  await Promise.all(hosts.map(host => host.ask('close', undefined)))
  const { missed, passed, refusedThemselves, ...stages } = joinRefusals(
    played.flatMap(({ calls }) => calls),
    played.flatMap(({ refusals }) => refusals),
    { engines, from: input.warmUpSessions },
  )
  const results = {
    [`engines${engines}`]: { ...percentiles(stages.toRefused), missed, loadAverage: busy },
    [`engines${engines}Slowest`]: { ...percentiles(stages.toLastRefused) },
    [`engines${engines}Hops`]: {
      processes: hosts.length,
      ...hop('callToOwnVerdict', percentiles(stages.toOwnVerdict)),
      ...hop('callToHeld', percentiles(stages.toHeld)),
      refusedThemselves,
      passedBefore: passed,
    },
  }
  return { results, faults: missedFaults(missed, engines) }
}

const notes = [
  'Milliseconds from the start of the call that turns a session bad, at one engine, to the first refused call of that session, at each engine: one sample for each engine and session. Slowest: the last engine of each session.',
  'The bad call is not gated, so it passes itself: but it is sensitive and waits until it is on record (own verdict), and where the decision is faster than that it is refused too (refusedThemselves). Each engine tries an innocuous call as soon as its table changes for the session, and every 10 ms from 50 ms before the bad call on; passedBefore counts those that passed.',
  'missed: engines that never refused a session within 2 s. The percentiles cannot hold them, so that a run with any counts as failed.',
  'Every engine has a Kafka client and a decision table of its own; those of one process share its event loop and processor. The calls that only ask go through every check but are not put on record.',
  'Broker, scorer and all engines share the machine. loadAverage: processes that wanted a processor in the last minute, bench included.',
  'Not measured: MCP, the proxy and its socket, token verification, replication, networks, TLS, other load on the scorer.',
] as const
