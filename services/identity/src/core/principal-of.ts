import { directHuman, type Principal } from '@cordon/tokens'

import type { HeldSession } from './held-session.ts'

/** All that the kill switch can stop a session by. */
export type PrincipalFacts = Pick<
  HeldSession,
  'sessionId' | 'human' | 'agentId' | 'platform' | 'ancestors' | 'grantId'
> & { readonly agent: Pick<NonNullable<HeldSession['agent']>, 'actor'> | null }

export const principalOf = (session: PrincipalFacts): Principal => {
  const { sessionId, human, agentId, platform, ancestors, agent, grantId } = session
  return {
    sessionId,
    human,
    agentId,
    platform,
    ancestors,
    ...(agent && { actor: agent.actor }),
    ...(grantId !== null && { grantId }),
  }
}

/** Whoever handed work on to a session's agent; `undefined` where a human did. */
export const delegatorOf = (session: PrincipalFacts): Principal | undefined => {
  const [sessionId, ...ancestors] = session.ancestors
  if (sessionId === undefined) return undefined
  const actor = session.agent?.actor.delegatedBy
  return {
    sessionId,
    ancestors,
    human: session.human,
    agentId: actor?.agentId ?? directHuman,
    platform: actor?.platform ?? session.platform,
    ...(actor && { actor }),
    ...(session.grantId !== null && { grantId: session.grantId }),
  }
}
