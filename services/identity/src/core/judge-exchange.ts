import type { Bundle } from '@cordon/policy'
import { directHuman, type Principal } from '@cordon/tokens'

import type { ExchangeRequest } from './exchange-request.ts'
import { grantIntent, type IntentFacts } from './grant-intent.ts'
import type { HeldSession } from './held-session.ts'
import type { AttestedAgent } from './judge-actor.ts'
import { judgeSession } from './judge-session.ts'
import { type Answer, granted } from './refusal.ts'
import type { ActiveRevocations } from './revocation-scope.ts'
import type { Subject } from './subject.ts'

/** What is known when a session is asked for; every signature has been verified. */
export interface ExchangeFacts {
  readonly bundle: Bundle
  readonly subject: Subject
  /** `undefined`: the human uses tools directly. */
  readonly agent: AttestedAgent | undefined
  readonly request: Pick<ExchangeRequest, 'server' | 'tools' | 'conversationId' | 'declaredIntent'>
  /** Thumbprint of the key that proved the request. */
  readonly holder: string
  readonly revocations: ActiveRevocations
  readonly fingerprint: IntentFacts['fingerprint']
  readonly requestWording: IntentFacts['requestWording']
}

/** A session that may be opened: all but what it will be called, and when. */
export type SessionGrant = Omit<
  HeldSession,
  'sessionId' | 'transactionId' | 'openedAt' | 'endsAt' | 'agent'
> & {
  readonly agent: AttestedAgent | undefined
  /** Past this it does not live. */
  readonly until: number | undefined
}

/** Grants all that was asked for, where nothing speaks against it; never less. */
export const judgeExchange = (facts: ExchangeFacts): Answer<SessionGrant> => {
  const { bundle, subject, agent, request, holder, revocations } = facts
  const { server } = request
  const agentId = agent?.attestation.agentId ?? directHuman
  const platform = agent?.attestation.platform ?? subject.client ?? ''
  const delegator = subject.parent?.session
  const ancestors = delegator === undefined ? [] : [delegator.sessionId, ...delegator.ancestors]
  const principal: Principal = {
    human: subject.human,
    agentId,
    platform,
    ancestors,
    ...(delegator?.agent && { actor: { delegatedBy: delegator.agent.actor } }),
    ...(subject.grantId !== undefined && { grantId: subject.grantId }),
  }
  const tools = [...new Set(request.tools)]
  const askedBy = 'authorization_details'
  const refusal = judgeSession({ bundle, subject, agent, principal, tools, askedBy, server, revocations })
  if (refusal !== undefined) return refusal
  const intent = grantIntent(request.declaredIntent, facts)
  if (!intent.ok) return intent
  return granted({
    human: subject.human,
    agentId,
    platform,
    role: subject.role,
    clearance: subject.clearance,
    tools,
    holder,
    conversationId: delegator?.conversationId ?? request.conversationId,
    ...intent.value,
    basis: subject.basis,
    grantId: subject.grantId ?? null,
    vouchedBy: subject.vouchedBy,
    humanSession: subject.humanSession,
    authenticatedAt: subject.authenticatedAt,
    acr: subject.acr,
    agent,
    ancestors,
    until: subject.until,
  })
}
