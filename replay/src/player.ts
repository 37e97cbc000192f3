import { setTimeout as pause } from 'node:timers/promises'

import type { EnginePorts } from '@cordon/engine'
import { declaredIntent, encodeWording, requestWording } from '@cordon/extraction'
import type { InvocationId, SessionId } from '@cordon/foundation'
import type { SessionEvent } from '@cordon/risk'
import type { Entity } from '@cordon/schemas'
import { unboundOpening } from '@cordon/schemas'
import type { TraceSession } from '@cordon/traces'

import type { CallBundles } from './call-bundles.ts'
import { identityOf, playedEngine, type PlayedEngine } from './played-engine.ts'
import type { PlayedStep } from './timeline.ts'

/** Where sessions are played to. */
export interface PlayTarget {
  readonly ports: EnginePorts
  /** What identity writes: a session opens, or ends. */
  write(sessionId: SessionId, event: Extract<SessionEvent, { name: 'SessionOpened' | 'SessionEnded' }>): void
  /** Resolves when it can take more: a recording must not be faster than what writes it. */
  room(): Promise<void>
  /** Once a second of recorded time, milliseconds since the Unix epoch: everything before it is on record. */
  tick(atMs: number): void
}

export interface PlayOptions {
  readonly bundles: CallBundles
  /** Recorded seconds per second; `Infinity`: as fast as it goes. */
  readonly speed?: number
  /** Calls that may wait for their verdict at one moment. */
  readonly maxInFlight?: number
}

const tickMs = 1000
/** Timers that are set for longer fire at once. */
const longestTimerMs = 2 ** 31 - 1

interface OpenSession {
  readonly engine: PlayedEngine
  readonly forwarded: Map<number, InvocationId>
  /** The session's calls and results, one after the other. */
  chain: Promise<void>
}

/** Plays steps in the order of recorded time. A session's own steps wait for each other; sessions do not. */
export const play = async (
  steps: readonly PlayedStep[],
  target: PlayTarget,
  { bundles, speed = Number.POSITIVE_INFINITY, maxInFlight = 256 }: PlayOptions,
): Promise<void> => {
  const sessions = new Map<SessionId, OpenSession>()
  const inFlight = new Set<Promise<void>>()
  const startedAt = performance.now()
  const firstMs = steps[0]?.atMs ?? 0
  let tickedAt = firstMs
  for (const step of steps) {
    await until(startedAt + (step.atMs - firstMs) / speed)
    await target.room()
    // The oldest, not whichever comes first: a race leaves something behind on every promise that loses.
    while (inFlight.size >= maxInFlight) await inFlight.values().next().value
    if (step.atMs - tickedAt >= tickMs) {
      // Whether a call comes before a tick must follow from the recording, not from how fast a verdict was.
      await Promise.all(inFlight)
      tickedAt = step.atMs
      target.tick(tickedAt)
    }
    const session = sessions.get(step.session.sessionId) ?? {
      engine: playedEngine(step.session, target.ports, bundles),
      forwarded: new Map(),
      chain: Promise.resolve(),
    }
    sessions.set(step.session.sessionId, session)
    session.chain = session.chain.then(() => playStep(step, session, target))
    const { chain } = session
    inFlight.add(chain)
    void chain.finally(() => inFlight.delete(chain))
    if (step.kind === 'end') sessions.delete(step.session.sessionId)
  }
  await Promise.all(inFlight)
}

/** @param atMs `performance.now()` */
const until = async (atMs: number): Promise<void> => {
  for (let left = atMs - performance.now(); left > 1; left = atMs - performance.now())
    await pause(Math.min(left, longestTimerMs))
}

const playStep = async (step: PlayedStep, session: OpenSession, target: PlayTarget): Promise<void> => {
  const { atMs } = step
  const { sessionId } = step.session
  switch (step.kind) {
    case 'open':
      return target.write(sessionId, {
        name: 'SessionOpened',
        at: atMs,
        value: {
          ...identityOf(step.session),
          sessionId,
          openedAt: atMs,
          conversationId: null,
          intent: intentOf(step.session.trace, target.ports.extraction),
          intentWording: intentWordingOf(step.session.trace, target.ports.extraction),
          bundleVersion: 1,
          ...unboundOpening,
        },
      })
    case 'end':
      return target.write(sessionId, {
        name: 'SessionEnded',
        at: atMs,
        value: { sessionId, endedAt: atMs, reason: 'closed' },
      })
    case 'call': {
      const invocationId = await session.engine.call(step.call, atMs)
      if (invocationId !== undefined) session.forwarded.set(step.index, invocationId)
      return undefined
    }
    case 'result': {
      const invocationId = session.forwarded.get(step.index)
      if (invocationId !== undefined) session.engine.result(invocationId, step.call, atMs)
      return undefined
    }
  }
}

/** What a human declared to want, as identity would publish it. */
const intentOf = (
  { request }: TraceSession,
  extraction: EnginePorts['extraction'],
): readonly Entity[] | null =>
  request === undefined ? null : declaredIntent(request, (kind, value) => extraction.fingerprint(kind, value))

const intentWordingOf = ({ request = '' }: TraceSession, extraction: EnginePorts['extraction']): Buffer =>
  Buffer.from(extraction.resultWording(encodeWording(requestWording(request)).toString('base64'), []))
