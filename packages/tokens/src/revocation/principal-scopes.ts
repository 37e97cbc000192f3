import type { SessionId } from '@cordon/foundation'

import type { Actor } from '../actor.ts'

/** Who acts, for whom, and on whose word: all that the kill switch can stop it by. A session token is one. */
export interface Principal {
  readonly human: string
  readonly agentId: string
  readonly platform: string
  /** Absent before the session has a name. */
  readonly sessionId?: SessionId
  /** Who delegated to the agent. */
  readonly actor?: Pick<Actor, 'delegatedBy'>
  /** Sessions whose agents handed work on, the nearest first. */
  readonly ancestors?: readonly SessionId[]
  /** The sponsor's grant that the work rests on. */
  readonly grantId?: string
}

/**
 * The scopes that stop a principal: its own and those of whoever handed work on to it, because whoever delegated takes those along whom
 * it delegated to. Tools are not among them.
 */
export const principalScopes = (principal: Principal): readonly string[] => {
  const { human, agentId, platform, sessionId, actor, ancestors = [], grantId } = principal
  const scopes = ['everything:*', `human:${human}`, `agent:${agentId}`, `platform:${platform}`]
  if (sessionId !== undefined) scopes.push(`session:${sessionId}`)
  for (const ancestor of ancestors) scopes.push(`session:${ancestor}`)
  for (let by = actor?.delegatedBy; by !== undefined; by = by.delegatedBy)
    scopes.push(`agent:${by.agentId}`, `platform:${by.platform}`)
  if (grantId !== undefined) scopes.push(`grant:${grantId}`)
  return scopes
}
