import { setTimeout as pause } from 'node:timers/promises'

import { monotonicMs } from '../load/monotonic-time.ts'
import { openLoop } from '../load/open-loop.ts'
import { answerParent } from '../process/child.ts'
import { openCodec } from '../stack/stream-access.ts'
import { read, send } from './bench-agent.ts'
import type { HostQuestions } from './host-questions.ts'
import { openHostedEngine, type HostedEngine } from './hosted-engine.ts'
import type { BadCall } from './join-refusals.ts'
import type { PlannedSession } from './session-plan.ts'
import { SessionWatch } from './session-watch.ts'

// Some engines in one process, the sessions that call through them, and their eyes on every session.

interface Seat {
  readonly engine: HostedEngine
  readonly watch: SessionWatch
}

interface Step {
  readonly dueMs: number
  readonly run: () => Promise<void>
}

const pollMs = 20
/** A session's steps before its bad call. */
const firstReadMs = 400
const secondReadMs = 200
const watchMs = 50

const seats: Seat[] = []

answerParent<HostQuestions>({
  open: async ({ access, bundle, engines, issuer }) => {
    const codec = await openCodec(access)
    for (const index of engines) {
      const watch: SessionWatch = new SessionWatch(() => engine)
      const engine = await openHostedEngine({
        index,
        access,
        codec,
        bundle,
        onDecision: decision => watch.onDecision(decision),
        ...(issuer !== undefined && { issuer }),
        onRevoked: scope => watch.onRevoked(scope),
      })
      seats.push({ engine, watch })
    }
    return undefined
  },
  hold: async sessionIds => {
    while (!seats.every(({ engine }) => sessionIds.every(id => engine.holds(id)))) await pause(pollMs)
    return undefined
  },
  play: async ({ plan, startAt }) => {
    const calls: BadCall[] = []
    const steps = plan
      .flatMap((planned, session) => [
        ...seats.flatMap(seat => sessionSteps(seat.engine, planned, session, calls)),
        ...seats.map(({ watch }) => ({
          dueMs: planned.badAtMs - watchMs,
          run: () => watch.watch(session, planned),
        })),
      ])
      .sort((a, b) => a.dueMs - b.dueMs)
    const running: Promise<void>[] = []
    await openLoop<Step>(steps, due => running.push(...due.map(({ run }) => run())), startAt)
    await Promise.all(running)
    return { calls, refusals: seats.flatMap(({ watch }) => watch.takeRefusals()) }
  },
  close: async () => {
    await Promise.all(seats.map(({ engine }) => engine.close()))
    return undefined
  },
})

/** What a session does, where it calls through this engine. */
const sessionSteps = (
  { index, engine }: HostedEngine,
  { sessionId, engine: home, badAtMs }: PlannedSession,
  session: number,
  calls: BadCall[],
): Step[] => {
  if (home !== index) return []
  const stranger = `stranger-${session}@elsewhere.example`
  // What it brings has to be on record before the call that follows it, however late a full machine is.
  const brought = Promise.withResolvers<void>()
  return [
    { dueMs: badAtMs - firstReadMs, run: () => read(engine, sessionId, 'colleague@here.example') },
    {
      dueMs: badAtMs - secondReadMs,
      run: async () => {
        await read(engine, sessionId, stranger)
        brought.resolve()
      },
    },
    {
      dueMs: badAtMs,
      run: async () => {
        await brought.promise
        const startedAt = monotonicMs()
        const passed = await send(engine, sessionId, stranger)
        calls.push({ session, startedAt, decidedAt: monotonicMs(), passed })
      },
    },
  ]
}
