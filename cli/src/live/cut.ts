import type { LiveSession } from './live-session.ts'
import type { Stop } from './stop.ts'

/** A call that was under way when its session or its tool was stopped. */
export interface Cut {
  readonly session: LiveSession
  readonly tool: string
  readonly reason: CutReason
  /** The scopes of the kill switch that stopped it; empty where it was none. */
  readonly stops: readonly Stop[]
}

export type CutReason = 'REVOKED' | 'SESSION_SUSPENDED' | 'SESSION_ENDED'

export const cutInWords: Readonly<Record<CutReason, string>> = {
  REVOKED: 'an operator stopped who called, or what was called',
  SESSION_SUSPENDED: 'the session was suspended',
  SESSION_ENDED: 'the session ended',
}
