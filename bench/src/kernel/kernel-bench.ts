import { BaselineBuilder, baselineLookup, createKernel, decodeSession, encodeSession } from '@cordon/risk'
import type { Assessment, Kernel, Session, SessionEvent } from '@cordon/risk'

import { thisMachine } from '../report.ts'
import type { BenchReport } from '../report.ts'
import { interleave } from './interleave.ts'
import type { Interleaved } from './interleave.ts'
import { makeSessionLogs } from './session-logs.ts'

const input = {
  seed: 20_260_101,
  agents: 64,
  roles: 8,
  differentSessions: 128,
  sessions: 24_000,
  liveSessions: 4000,
  taughtSessions: 4000,
  warmUpRounds: 2,
  rounds: 8,
} as const

/** Events per second of the scoring kernel on one core, all signals on. */
export const runKernelBench = async (): Promise<BenchReport> => {
  const lookup = baselineLookup(learn())
  const kernel = createKernel({ baselineFor: lookup })
  const logs = makeSessionLogs({ ...input, seed: input.seed + 1, sessions: input.differentSessions })
  const order = interleave(
    Array.from({ length: input.sessions }, (_, session) => logs[session % logs.length]!),
    input.liveSessions,
  )
  const events = order.items.length
  for (let round = 0; round < input.warmUpRounds; round += 1) play(kernel, order)
  const rounds: Round[] = []
  for (let round = 0; round < input.rounds; round += 1) {
    rounds.push(play(kernel, order))
    // Lets the collector's own threads come to rest, so that rounds do not pay for each other.
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  const last = rounds.at(-1)!
  const wall = spread(rounds.map(({ seconds }) => events / seconds))
  const cpu = spread(rounds.map(({ cpuSeconds }) => events / cpuSeconds))
  return {
    name: 'kernel',
    machine: thisMachine(),
    input: {
      ...input,
      events,
      eventsPerSession: Math.round((events / input.sessions) * 10) / 10,
    },
    results: {
      eventsPerSecond: wall,
      eventsPerProcessorSecond: cpu,
      nanosecondsPerEvent: Math.round(1e9 / cpu.median),
      naturalOutcomes: last.outcomes,
      encoding: encodingFigures(last.ended),
    },
    notes: [
      'eventsPerSecond is on the wall, eventsPerProcessorSecond in processor time of the one thread: they differ by what else the machine runs.',
      'One thread; every event is handed over as the decoded record, opening and ending of sessions included.',
      'Evidence, score, standing, band and verdict are computed for every event; the words of contributions only when a standing or band changes.',
      'Not measured: reading from Kafka, Avro decoding, writing state (its encoding is given apart), ticks.',
      'Synthetic sessions in the proportions of recorded ones; their outcomes say nothing about detection.',
    ],
  }
}

const spread = (perRound: readonly number[]): { median: number; slowest: number; fastest: number } => {
  const sorted = perRound.toSorted((a, b) => a - b).map(Math.round)
  return { median: sorted[sorted.length >> 1]!, slowest: sorted[0]!, fastest: sorted.at(-1)! }
}

const learn = (): ReturnType<BaselineBuilder['baselines']> => {
  const builder = new BaselineBuilder()
  for (const log of makeSessionLogs({ ...input, seed: input.seed, sessions: input.taughtSessions }))
    builder.learn(log)
  return builder.baselines()
}

interface Round {
  /** On the wall. */
  readonly seconds: number
  /** Of this thread on a processor: what other processes on the machine do not add to. */
  readonly cpuSeconds: number
  /** Some of the sessions, as they were when they ended. */
  readonly ended: readonly Session[]
  readonly outcomes: { readonly standingChanges: number; readonly bandChanges: number; readonly held: number }
}

const play = (kernel: Kernel, { logs, items }: Interleaved<SessionEvent>): Round => {
  const live: (Session | undefined)[] = Array.from({ length: input.sessions })
  const ended: Session[] = []
  const outcomes = { standingChanges: 0, bandChanges: 0, held: 0 }
  let contributions = 0
  const cpuStart = cpuSecondsOfThread()
  const start = process.hrtime.bigint()
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index]!
    const log = logs[index]!
    if (item.name === 'SessionOpened') {
      live[log] = kernel.open(item.value, item.at)
      continue
    }
    const session = live[log]!
    if (item.name === 'SessionEnded') {
      kernel.end(session, item.value, item.at)
      live[log] = undefined
      if (log % keptOfEnded === 0) ended.push(session)
      continue
    }
    const assessment = step(kernel, session, item)
    if (assessment.verdict === 'hold') outcomes.held += 1
    if (!assessment.standingChanged && !assessment.bandChanged) continue
    if (assessment.standingChanged) outcomes.standingChanges += 1
    else outcomes.bandChanges += 1
    contributions += assessment.contributions.length
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  const cpuSeconds = cpuSecondsOfThread() - cpuStart
  if (contributions === 0) throw new Error('kernel bench: expected some evidence, got none')
  return { seconds, cpuSeconds, ended, outcomes }
}

const cpuSecondsOfThread = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e6
}

/** One ended session in so many is kept to measure its encoding: what is kept grows the heap that the rounds share. */
const keptOfEnded = 100

const step = (
  kernel: Kernel,
  session: Session,
  event: Exclude<SessionEvent, { name: 'SessionOpened' | 'SessionEnded' }>,
): Assessment => {
  if (event.name === 'InvocationAttempted') return kernel.attempt(session, event.value, event.at)
  if (event.name === 'InvocationCompleted') return kernel.complete(session, event.value, event.at)
  return kernel.deny(session, event.value, event.at)
}

const encodingFigures = (sessions: readonly Session[]): Record<string, number> => {
  const states = sessions.map(session => encodeSession(session))
  const sizes = states.map(state => state.length).toSorted((a, b) => a - b)
  return {
    encodedPerSecond: perProcessorSecond(sessions, encodeSession),
    decodedPerSecond: perProcessorSecond(states, decodeSession),
    medianBytes: sizes[sizes.length >> 1]!,
    largestBytes: sizes.at(-1)!,
  }
}

const perProcessorSecond = <Item>(items: readonly Item[], handle: (item: Item) => unknown): number => {
  for (const item of items) handle(item)
  const start = cpuSecondsOfThread()
  for (let turn = 0; turn < input.rounds; turn += 1) for (const item of items) handle(item)
  return Math.round((items.length * input.rounds) / (cpuSecondsOfThread() - start))
}
