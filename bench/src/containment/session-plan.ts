import { makeSessionId, seededRandom, type Random, type SessionId } from '@cordon/foundation'

/** A session that behaves and then turns bad. */
export interface PlannedSession {
  readonly sessionId: SessionId
  /** The engine that it calls through; absent where it does nothing, and is stopped from outside. */
  readonly engine?: number
  /** When it makes its bad call, milliseconds after the start. */
  readonly badAtMs: number
}

export interface SessionPlanOptions {
  readonly seed: number
  readonly sessions: number
  readonly engines: number
  readonly partitions: number
  /** Time before the first bad call. */
  readonly leadMs: number
  /** Between two bad calls, on average. */
  readonly apartMs: number
}

/** Sessions that turn bad one after the other, each at another engine than the one before. */
export const planSessions = (options: SessionPlanOptions): readonly PlannedSession[] => {
  const { seed, sessions, engines, partitions, leadMs, apartMs } = options
  const random = seededRandom(seed)
  return Array.from({ length: sessions }, (_, index) => ({
    sessionId: makeSessionId(index % partitions, uuid(random)),
    engine: index % engines,
    // Not in step with anything that happens once a second.
    badAtMs: leadMs + (index + random()) * apartMs,
  }))
}

const uuid = (random: Random): string => {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
