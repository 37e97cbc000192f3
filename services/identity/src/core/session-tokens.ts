import { maxTokenLifeSeconds, type NewSessionToken, TokenError, type TokenIssuer } from '@cordon/tokens'

import { type Answer, granted, refused } from './refusal.ts'
import type { HeldSession } from './session-request.ts'

/** What a session shows at each of its servers. */
export interface IssuedTokens {
  /** Server → token. */
  readonly tokens: Readonly<Record<string, string>>
  /** When all of them expire. Milliseconds since the Unix epoch, whole seconds. */
  readonly expiresAt: number
}

/** One token per granted server: as long as a token may live, but never longer than its session. */
export const issueTokens = async (
  issuer: TokenIssuer,
  session: HeldSession,
  now: number,
): Promise<Answer<IssuedTokens>> => {
  const lastMoment = Math.min(now + maxTokenLifeSeconds * 1000, session.endsAt)
  const expiresAt = Math.floor(lastMoment / 1000) * 1000
  if (expiresAt <= now) return refused('SESSION_ENDED', 'session: expected an open one, got one about to end')
  try {
    const tokens = await Promise.all(
      [...session.grants].map(async ([server, tools]) => {
        const token = await issuer.issueSessionToken({
          ...session,
          ...unproven(session),
          server,
          tools,
          issuedAt: now,
          expiresAt,
          authenticatedAt: now,
        })
        return [server, token] as const
      }),
    )
    return granted({ tokens: Object.fromEntries(tokens), expiresAt })
  } catch (error) {
    if (error instanceof TokenError && error.code === 'TOKEN_TOO_LARGE')
      return refused('TOKEN_TOO_LARGE', error.message)
    throw error
  }
}

// A start-up secret vouches for all of it: nothing is attested, and nobody's key is bound.
const unproven = ({
  sessionId,
  agentId,
  platform,
}: HeldSession): Pick<
  NewSessionToken,
  | 'actor'
  | 'provenance'
  | 'posture'
  | 'deployer'
  | 'clearance'
  | 'transactionId'
  | 'acr'
  | 'holder'
  | 'status'
> => ({
  actor: { agentId, instance: sessionId, platform, model: 'unknown' },
  provenance: { manifestHash: 'none', toolsDigest: 'none', model: 'unknown', version: 'none' },
  posture: { codeDigest: 'none', attester: 'none' },
  deployer: 'unknown',
  clearance: 0,
  transactionId: sessionId,
  acr: '0',
  // RFC 7638 §3.1: of a key whose private half nobody here has.
  holder: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  status: { uri: 'https://identity.invalid/status/0', index: 0 },
})
