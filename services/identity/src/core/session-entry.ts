import type { SessionId } from '@cordon/foundation'
import type { Standing } from '@cordon/schemas'

import type { OpenSession } from '../ports/session-store.ts'
import { principalOf } from './principal-of.ts'
import { type ActiveRevocations, revokedScope, type RevocationScope } from './revocation-scope.ts'

/** What operators are told of an open session. Times are milliseconds since the Unix epoch. */
export interface SessionEntry {
  readonly sessionId: SessionId
  readonly human: string
  readonly agent: string
  readonly platform: string
  /** `unknown`: no decision that can be read. */
  readonly standing: Standing
  /** The scope of the kill switch that stops it, where one does. */
  readonly revokedBy: RevocationScope | null
  /** The session whose agent handed work on to this one's, where one did. */
  readonly parent: SessionId | null
  readonly openedAt: number
  /** When it last called, to a second; or else when it opened. */
  readonly lastSeenAt: number
  readonly endsAt: number
}

export const sessionEntry = (
  { session, activeAt }: OpenSession,
  facts: { readonly standing: Standing | undefined; readonly revocations: ActiveRevocations },
): SessionEntry => ({
  sessionId: session.sessionId,
  human: session.human,
  agent: session.agentId,
  platform: session.platform,
  standing: facts.standing ?? 'unknown',
  revokedBy: revokedScope(facts.revocations, principalOf(session)) ?? null,
  parent: session.ancestors[0] ?? null,
  openedAt: session.openedAt,
  lastSeenAt: activeAt,
  endsAt: session.endsAt,
})
