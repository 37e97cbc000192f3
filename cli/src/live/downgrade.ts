import type { LiveSession } from './live-session.ts'
import type { Judgement } from './session-fact.ts'

/** A session that stands as badly as it never did: what it may still do is told, though nothing of it was refused yet. */
export interface Downgrade {
  readonly session: LiveSession
  readonly judgement: Judgement
}
