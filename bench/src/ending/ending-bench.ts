import { percentiles, seededRandom } from '@cordon/foundation'
import { findFreePort } from '@cordon/infra'
import { emptyBaselines } from '@cordon/risk'

import { containmentBundle } from '../containment/containment-bundle.ts'
import type { Stop } from '../containment/bench-agent.ts'
import type { HostQuestions } from '../containment/host-questions.ts'
import { type BadCall, joinRefusals } from '../containment/join-refusals.ts'
import type { PlannedSession } from '../containment/session-plan.ts'
import { hop } from '../hop.ts'
import { makeExchangeParties } from '../identity/exchange-requests.ts'
import { monotonicMs } from '../load/monotonic-time.ts'
import { openLoop } from '../load/open-loop.ts'
import { type Child, startChild } from '../process/child.ts'
import { loadAverage } from '../process/machine-load.ts'
import { type BenchReport, type Figure, thisMachine } from '../report.ts'
import { openBenchBackbone } from '../stack/bench-backbone.ts'
import { endingFaults } from './ending-faults.ts'
import { createIdentityApi, type IdentityApi, type IdentitySession } from './identity-sessions.ts'

const input = {
  seed: 20_260_102,
  partitions: 4,
  engines: 8,
  processes: 4,
  warmUpSessions: 50,
  sessions: 250,
  apartMs: 100,
  leadMs: 1000,
} as const

const hourMs = 3_600_000

interface Way {
  readonly name: string
  readonly refusedAs: Stop
  readonly stop: (identity: IdentityApi, session: IdentitySession) => Promise<void>
}

const ways: readonly Way[] = [
  {
    name: 'ended',
    refusedAs: 'SESSION_ENDED',
    stop: async (identity, session) => identity.end(session),
  },
  {
    name: 'revoked',
    refusedAs: 'REVOKED',
    stop: async (identity, session) => identity.revoke(session),
  },
]

/** From the request that ends a session at identity, or stops it by the kill switch, to the first refused call at each engine. */
export const runEndingBench = async (): Promise<BenchReport> => {
  const limits = { sessionLifeMs: hourMs, idleMs: hourMs, renewalGraceMs: hourMs }
  const parties = await makeExchangeParties(limits, Object.keys(containmentBundle.catalogue))
  const bundle = {
    ...containmentBundle,
    roles: { bench: { priorLogit: -4 } },
    identity: parties.policy,
  }
  const backbone = await openBenchBackbone({
    partitions: input.partitions,
    bundle,
    baselines: emptyBaselines,
  })
  const hosts = Array.from({ length: input.processes }, () =>
    startChild<HostQuestions>(new URL('../containment/host-process.ts', import.meta.url)),
  )
  try {
    await backbone.startScorer('scorer')
    const issuer = new URL(`http://127.0.0.1:${await findFreePort()}`)
    const { operatorSecret } = await backbone.startIdentity(issuer)
    const numbers = Array.from({ length: input.engines }, (_, index) => index)
    await Promise.all(
      hosts.map((host, at) =>
        host.ask('open', {
          access: backbone.access,
          bundle,
          engines: numbers.filter(number => number % hosts.length === at),
          issuer: issuer.origin,
        }),
      ),
    )
    const identity = createIdentityApi(issuer, parties, operatorSecret)
    const results: Record<string, Readonly<Record<string, Figure>>> = {}
    const faults: string[] = []
    for (const way of ways) {
      const run = await runWay(way, identity, hosts)
      Object.assign(results, run.results)
      faults.push(...run.faults)
    }
    identity.close()
    await Promise.all(hosts.map(host => host.ask('close', undefined)))
    return {
      name: 'ending',
      machine: thisMachine(),
      input: { ...input, broker: backbone.broker },
      results,
      notes,
      ...(faults.length > 0 && { faults }),
    }
  } finally {
    await Promise.all(hosts.map(host => host.stop()))
    await backbone.close()
  }
}

const runWay = async (
  { name, refusedAs, stop }: Way,
  identity: IdentityApi,
  hosts: readonly Child<HostQuestions>[],
) => {
  const sessions = await identity.open(input.warmUpSessions + input.sessions)
  const random = seededRandom(input.seed)
  const plan: readonly PlannedSession[] = sessions.map(({ sessionId }, index) => ({
    sessionId,
    badAtMs: input.leadMs + (index + random()) * input.apartMs,
  }))
  await Promise.all(
    hosts.map(host =>
      host.ask(
        'hold',
        plan.map(({ sessionId }) => sessionId),
      ),
    ),
  )
  console.error(`${name}: ${plan.length} sessions in ${(plan.length * input.apartMs) / 1000} s`)
  const startAt = monotonicMs() + 200
  const [played, calls] = await Promise.all([
    Promise.all(hosts.map(host => host.ask('play', { plan, startAt }))),
    stopAll(sessions, plan, startAt, session => stop(identity, session)),
  ])
  const refusals = played.flatMap(each => each.refusals)
  const { missed, passed, ...stages } = joinRefusals(calls, refusals, {
    engines: input.engines,
    from: input.warmUpSessions,
  })
  const results = {
    // The engine that was last: what "every one of them refuses" means.
    [name]: { ...percentiles(stages.toLastRefused), missed, loadAverage: loadAverage() },
    [`${name}EachEngine`]: { ...percentiles(stages.toRefused) },
    [`${name}Hops`]: {
      ...hop('requestToAnswer', percentiles(stages.toOwnVerdict)),
      ...hop('requestToHeld', percentiles(stages.toHeld)),
      passedBefore: passed,
    },
  }
  return { results, faults: endingFaults(name, refusedAs, { missed, refusals }) }
}

const stopAll = async (
  sessions: readonly IdentitySession[],
  plan: readonly PlannedSession[],
  startAt: number,
  stop: (session: IdentitySession) => Promise<void>,
): Promise<readonly BadCall[]> => {
  const calls: BadCall[] = []
  const stopOne = async (session: number): Promise<void> => {
    const startedAt = monotonicMs()
    await stop(sessions[session]!)
    calls.push({ session, startedAt, decidedAt: monotonicMs(), passed: true })
  }
  const running: Promise<void>[] = []
  await openLoop(
    plan.map(({ badAtMs }, session) => ({ dueMs: badAtMs, session })),
    due => running.push(...due.map(({ session }) => stopOne(session))),
    startAt,
  )
  await Promise.all(running)
  return calls
}

const notes = [
  'ended: the agent ends its session at identity (POST /revoke with refresh token and proof). revoked: an operator stops it by the kill switch (POST /revocations, scope session:…). Both over HTTP at the real service with its embedded database.',
  'Milliseconds from the moment at which the request is sent (not from its answer) to the first refused call of that session at the last of the engines, one sample for each session; EachEngine: one for each engine and session. Each engine tries an innocuous call as soon as its tables change for the session, and every 10 ms from 50 ms before on; passedBefore counts those that passed, most of them before the request.',
  'missed: engines that never refused a session within 2 s; a run with any, or with a refusal for another reason, counts as failed.',
  'Every engine has a Kafka client, a decision table and a table of revocations of its own; those of one process share its event loop and processor. The calls that only ask go through every check but are not put on record.',
  'Broker, scorer, identity and all engines share the machine. loadAverage: processes that wanted a processor in the last minute, bench included.',
  'Not measured: MCP, the proxy and its socket, token verification, status lists, replication, networks, TLS, other load on identity and scorer.',
] as const
