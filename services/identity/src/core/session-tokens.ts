import { maxTokenLifeSeconds, TokenError, type TokenIssuer } from '@cordon/tokens'

import { serverOf } from './grant-tools.ts'
import type { HeldSession } from './held-session.ts'
import { type Answer, granted, refused } from './refusal.ts'

/** A token for one server of a session. */
export interface IssuedToken {
  readonly token: string
  readonly server: string
  /** Its tools of that server. */
  readonly tools: readonly string[]
  /** Milliseconds since the Unix epoch, whole seconds. */
  readonly expiresAt: number
}

/** How many sessions share a status list: a few kilobytes to sign and to fetch. */
export const sessionsPerStatusList = 4096

/** When a token issued now expires: as late as a token may, never after its session. Milliseconds, whole seconds. */
export const tokenEnd = (session: Pick<HeldSession, 'endsAt'>, now: number): number =>
  Math.floor(Math.min(now + maxTokenLifeSeconds * 1000, session.endsAt) / 1000) * 1000

export interface TokenFacts {
  readonly session: HeldSession
  readonly statusIndex: number
  readonly server: string
  readonly now: number
  /** `iss`, below which the status lists are. */
  readonly issuerUrl: string
}

export const issueToken = async (issuer: TokenIssuer, facts: TokenFacts): Promise<Answer<IssuedToken>> => {
  const { session, statusIndex, server, now } = facts
  const { agent, conversationId, humanSession } = session
  const expiresAt = tokenEnd(session, now)
  if (expiresAt <= now) return refused('SESSION_ENDED', 'session: expected an open one, got one about to end')
  const tools = session.tools.filter(tool => serverOf(tool) === server)
  try {
    const token = await issuer.issueSessionToken({
      sessionId: session.sessionId,
      human: session.human,
      agentId: session.agentId,
      platform: session.platform,
      role: session.role,
      clearance: session.clearance,
      server,
      tools: new Set(tools),
      transactionId: session.transactionId,
      issuedAt: now,
      expiresAt,
      authenticatedAt: session.authenticatedAt,
      acr: session.acr,
      holder: session.holder,
      ...(agent !== null && agent),
      ...(agent !== null && conversationId !== null && { conversationId }),
      ...(agent !== null && humanSession !== null && { humanSession }),
      ...(agent !== null && { ancestors: session.ancestors }),
      ...(agent !== null && session.grantId !== null && { grantId: session.grantId }),
      status: statusOf(statusIndex, facts.issuerUrl),
    })
    return granted({ token, server, tools, expiresAt })
  } catch (error) {
    if (error instanceof TokenError && error.code === 'TOKEN_TOO_LARGE')
      return refused('TOKEN_TOO_LARGE', error.message)
    throw error
  }
}

const statusOf = (index: number, issuerUrl: string): { uri: string; index: number } => ({
  uri: `${issuerUrl}/status/${Math.floor(index / sessionsPerStatusList)}`,
  index: index % sessionsPerStatusList,
})
