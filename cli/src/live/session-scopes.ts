import { isSessionId } from '@cordon/foundation'
import { directHuman, maxDelegationDepth, principalScopes } from '@cordon/tokens'

import type { LiveSession } from './live-session.ts'

/** What the kill switch can stop a session by, and whose work it carries on. */
export type ScopedSession = Pick<
  LiveSession,
  'sessionId' | 'human' | 'agentId' | 'platform' | 'parentSessionId'
>

/**
 * The scopes of the kill switch that stop a session: its own, and those of the sessions that handed work on to it. Its grant is not
 * among them, for the log of a session does not say it. Tools are not, either.
 * @param find a session that was seen
 */
export const sessionScopes = (
  session: ScopedSession,
  find: (sessionId: string) => ScopedSession | undefined,
): readonly string[] => {
  const scopes = ownScopes(session)
  let parentId = session.parentSessionId
  // A log that names a session among its own ancestors must not hold the view up.
  for (let depth = 0; parentId !== undefined && depth <= maxDelegationDepth; depth += 1) {
    scopes.push(`session:${parentId}`)
    const parent = find(parentId)
    // A human who uses tools directly stands under no agent's name, and the work goes on without their platform.
    if (parent !== undefined && parent.agentId !== directHuman) scopes.push(...ownScopes(parent))
    parentId = parent?.parentSessionId
  }
  return scopes
}

const ownScopes = ({ sessionId, human, agentId, platform }: ScopedSession): string[] => [
  // Nobody is called nothing: what is not known yet is stopped by no name.
  ...principalScopes({
    human: human ?? '',
    agentId: agentId ?? '',
    platform: platform ?? '',
    ...(isSessionId(sessionId) && { sessionId }),
  }),
]
