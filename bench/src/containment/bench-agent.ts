import { createHash } from 'node:crypto'

import type { Engine } from '@cordon/engine'
import type { AuthorizeAnswer } from '@cordon/engine-socket'
import { parseAgentId, type SessionId } from '@cordon/foundation'
import type { SessionToken } from '@cordon/tokens'

const agentId = parseAgentId('bench-agent')

/** Who a session's calls are made for: a human each, so that no session starts with what an earlier one did. */
export const whose = (
  sessionId: SessionId,
): Pick<SessionToken, 'human' | 'agentId' | 'platform' | 'role'> => ({
  human: `human-of-${sessionId}`,
  agentId,
  platform: 'bench',
  role: 'role',
})

/** An ordinary read through the engine, and its outcome. @param brought a value that its result brings */
export const read = async (engine: Engine, sessionId: SessionId, brought: string): Promise<void> => {
  const answer = await engine.authorizePrincipal(principalOf(sessionId, 'files'), {
    server: 'files',
    tool: 'read',
    arguments: { path: '/notes/today.md' },
  })
  if (answer.verdict !== 'forward' || answer.invocationId === undefined) {
    throw new Error(`ordinary call: expected it to pass, got ${answer.verdict}`)
  }
  engine.recordOutcome({
    type: 'outcome',
    invocationId: answer.invocationId,
    outcome: 'ok',
    resultBytes: brought.length,
    resultDigest: createHash('sha256').update(brought).digest('hex'),
    entities: [{ kind: 'email', value: brought }],
    entitiesOverflow: false,
    wording: '',
  })
}

/**
 * Sends mail to an address, through the engine. Not gated: it passes, unless what follows from it is faster than its own
 * way onto the record.
 */
export const send = async (engine: Engine, sessionId: SessionId, to: string): Promise<boolean> =>
  stopOf(
    await engine.authorizePrincipal(principalOf(sessionId, 'mail'), {
      server: 'mail',
      tool: 'send',
      arguments: { to, text: 'as you asked' },
    }),
  ) === undefined

/** What stops an innocuous call; `undefined` where it passes. */
export const stopped = async (engine: Engine, sessionId: SessionId): Promise<Stop | undefined> =>
  stopOf(
    await engine.authorizePrincipal(principalOf(sessionId, 'files'), {
      server: 'files',
      tool: 'list',
      arguments: { path: '/notes' },
    }),
  )

const stops = ['SESSION_SUSPENDED', 'SESSION_ENDED', 'REVOKED'] as const

/** What a session is stopped by: the scorer, its end, the kill switch. */
export type Stop = (typeof stops)[number]

const stopOf = ({ verdict, refusal }: AuthorizeAnswer): Stop | undefined => {
  if (verdict === 'forward') return undefined
  const stop = stops.find(each => each === refusal?.reason)
  if (stop !== undefined) return stop
  throw new Error(`call: expected ${stops.join(', ')} at worst, got ${refusal?.reason ?? verdict}`)
}

// The agent of every session, as its token would say it.
const principalOf = (sessionId: SessionId, server: string): SessionToken => ({
  ...whose(sessionId),
  sessionId,
  clearance: 3,
  server,
  tools: new Set(['files/*', 'mail/*']),
  tokenId: 'bench',
  transactionId: 'bench',
  issuedAt: 0,
  expiresAt: Number.MAX_SAFE_INTEGER,
  authenticatedAt: 0,
  acr: '0',
  holder: 'bench',
  status: { uri: 'bench', index: 0 },
})
