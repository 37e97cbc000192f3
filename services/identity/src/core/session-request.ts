import type { AgentId, SessionId } from '@cordon/foundation'

import type { Grants } from './grant-tools.ts'

/** Who asks for a session: this agent, for this human. */
export interface SessionRequest {
  readonly human: string
  readonly agentId: AgentId
  readonly role: string
  readonly platform: string
  /** RFC 7638 thumbprint of the key that the session's tokens are bound to. */
  readonly holder: string
  /** `server/tool` or `server/*`. */
  readonly tools: readonly string[]
  readonly conversationId: string | null
}

/** A session that this process opened and may renew. */
export interface HeldSession extends Omit<SessionRequest, 'tools' | 'conversationId'> {
  readonly sessionId: SessionId
  readonly grants: Grants
  /** When its longest life is over. Milliseconds since the Unix epoch. */
  readonly endsAt: number
}
