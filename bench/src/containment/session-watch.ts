import { setTimeout as pause } from 'node:timers/promises'

import { parseSessionId, type SessionId } from '@cordon/foundation'
import type { SessionDecision } from '@cordon/schemas'

import { monotonicMs } from '../load/monotonic-time.ts'
import { stopped, type Stop } from './bench-agent.ts'
import type { HostedEngine } from './hosted-engine.ts'
import type { Refusal } from './join-refusals.ts'
import type { PlannedSession } from './session-plan.ts'

/** Between two calls of a watched session at one engine; besides, it calls whenever the table changes for it. */
const everyMs = 10
/** Whoever let the session pass for so long missed it. */
const limitMs = 2000

interface Watched {
  readonly session: number
  heldAt: number
  refusedAt: number
  reason: Stop | undefined
  passed: number
}

/** One engine's eyes on the sessions that turn bad: when did it refuse each for the first time? */
export class SessionWatch {
  readonly #watched = new Map<string, Watched>()
  readonly #engine: () => HostedEngine
  readonly #refusals: Refusal[] = []

  /** @param engine asked for later: it tells this watch of its decisions */
  constructor(engine: () => HostedEngine) {
    this.#engine = engine
  }

  /** Those since they were taken last. */
  takeRefusals(): readonly Refusal[] {
    return this.#refusals.splice(0)
  }

  /** To be told of every decision that takes effect in the engine's table. */
  onDecision({ sessionId, standing }: SessionDecision): void {
    const watched = this.#watched.get(sessionId)
    if (watched === undefined || standing === 'trusted') return
    this.#changed(sessionId, watched)
  }

  /** To be told of every scope that the kill switch stops at the engine. */
  onRevoked(scope: string): void {
    const sessionId = scope.replace(/^session:/, '')
    const watched = this.#watched.get(sessionId)
    if (watched !== undefined) this.#changed(sessionId, watched)
  }

  /** Resolves when the session was refused, or the limit has passed. */
  async watch(session: number, { sessionId }: Pick<PlannedSession, 'sessionId'>): Promise<void> {
    const watched: Watched = {
      session,
      heldAt: Number.NaN,
      refusedAt: Number.NaN,
      reason: undefined,
      passed: 0,
    }
    this.#watched.set(sessionId, watched)
    const startedAt = monotonicMs()
    while (watched.reason === undefined && monotonicMs() - startedAt < limitMs) {
      await this.#ask(sessionId, watched)
      await pause(everyMs)
    }
    this.#watched.delete(sessionId)
    const { reason } = watched
    if (reason !== undefined) this.#refusals.push({ ...watched, reason, engine: this.#engine().index })
  }

  #changed(sessionId: string, watched: Watched): void {
    // The first: what is decided later of the same session is another story.
    if (Number.isNaN(watched.heldAt)) watched.heldAt = monotonicMs()
    void this.#ask(parseSessionId(sessionId), watched)
  }

  async #ask(sessionId: SessionId, watched: Watched): Promise<void> {
    const { asking } = this.#engine()
    const reason = await stopped(asking, sessionId)
    if (reason === undefined) watched.passed += 1
    else if (watched.reason === undefined) Object.assign(watched, { reason, refusedAt: monotonicMs() })
  }
}
