import type { SessionId } from '@cordon/foundation'
import type { Standing } from '@cordon/schemas'

import type { OpenSession } from '../ports/session-store.ts'
import { principalOf } from './principal-of.ts'
import { type ActiveRevocations, revokedScopes, type RevocationScope } from './revocation-scope.ts'

/** What operators are told of an open session. Times are milliseconds since the Unix epoch. */
export interface SessionEntry {
  readonly sessionId: SessionId
  readonly human: string
  readonly agent: string
  readonly platform: string
  /** `unknown`: no decision that can be read. */
  readonly standing: Standing
  /** The scopes of the kill switch that stop it. */
  readonly revokedBy: readonly RevocationScope[]
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
  revokedBy: revokedScopes(facts.revocations, principalOf(session)),
  parent: session.ancestors[0] ?? null,
  openedAt: session.openedAt,
  lastSeenAt: activeAt,
  endsAt: session.endsAt,
})
