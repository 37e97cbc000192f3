import { sign } from 'node:crypto'

import { uuidV7 } from '@cordon/foundation'
import { z } from 'zod'

import { directHuman } from './actor.ts'
import { compactJws } from './compact-jws.ts'
import { withLowS } from './low-s.ts'
import { claimsOf, type SessionClaims, sessionClaimsSchema } from './session-claims.ts'
import { maxTokenCharacters, maxTokenLifeSeconds, type SessionToken } from './session-token.ts'
import type { SigningKey } from './signing-key.ts'
import { TokenError } from './token-error.ts'

/** A token yet to be issued; times are cut to whole seconds. */
export type NewSessionToken = Omit<SessionToken, 'tokenId'>

export interface TokenIssuer {
  /**
   * Signs a session token and returns its compact form.
   * @throws TokenError `TOKEN_LIFE_INVALID` where it would be born expired or live longer than 5 minutes,
   * `TOKEN_GRANT_INVALID` where it grants nothing or a tool of another server, `TOKEN_TOO_LARGE` where it grants so many
   * tools that no verifier would read it, `TOKEN_CLAIMS_INVALID` where it says something else that none would believe
   */
  issueSessionToken(token: NewSessionToken): Promise<string>
}

export const createTokenIssuer = (options: {
  /** `iss`: who answers for the tokens. */
  readonly issuer: string
  readonly key: SigningKey
}): TokenIssuer => {
  const { privateKey, keyId } = options.key
  const header = { typ: 'at+jwt', alg: 'ES256', kid: keyId }
  // Asynchronous for the callers' sake: a key that lives elsewhere could not answer at once.
  // oxlint-disable-next-line typescript/require-await
  const issueSessionToken = async (token: NewSessionToken): Promise<string> => {
    const claims = claimsOf({ ...inWholeSeconds(token), tokenId: uuidV7(token.issuedAt) }, options.issuer)
    requireLife(claims.exp - claims.iat)
    requireGrants(token)
    const text = compactJws(header, claims, bytes =>
      withLowS(sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
    )
    requireSize(text, token)
    requireClaims(token, claims)
    return text
  }
  return { issueSessionToken }
}

const inWholeSeconds = (token: NewSessionToken): NewSessionToken => ({
  ...token,
  issuedAt: Math.floor(token.issuedAt / 1000) * 1000,
  expiresAt: Math.floor(token.expiresAt / 1000) * 1000,
  authenticatedAt: Math.floor(token.authenticatedAt / 1000) * 1000,
})

const requireLife = (lifeSeconds: number): void => {
  if (lifeSeconds > 0 && lifeSeconds <= maxTokenLifeSeconds) return
  throw new TokenError(
    'TOKEN_LIFE_INVALID',
    `token life: expected 1 to ${maxTokenLifeSeconds} s, got ${lifeSeconds} s`,
  )
}

const requireGrants = ({ server, tools }: NewSessionToken): void => {
  const foreign = [...tools].find(tool => !tool.startsWith(`${server}/`))
  if (tools.size > 0 && foreign === undefined) return
  throw new TokenError(
    'TOKEN_GRANT_INVALID',
    `token grants: expected tools of server ${server}, got ${foreign ?? 'none'}`,
  )
}

const requireSize = ({ length }: string, { server, tools }: NewSessionToken): void => {
  if (length <= maxTokenCharacters) return
  throw new TokenError(
    'TOKEN_TOO_LARGE',
    `token: expected at most ${maxTokenCharacters} characters, got ${length} with ${tools.size} tools; grant ${server}/* instead`,
  )
}

const requireClaims = (token: NewSessionToken, claims: SessionClaims): void => {
  const actor = token.actor?.agentId ?? directHuman
  if (token.agentId !== actor) throw claimsRefused(`agent ${token.agentId} with ${actor} acting`)
  const parsed = sessionClaimsSchema.safeParse(claims)
  if (!parsed.success) throw claimsRefused(z.prettifyError(parsed.error).replaceAll('\n', '; '))
}

const claimsRefused = (got: string): TokenError =>
  new TokenError('TOKEN_CLAIMS_INVALID', `token: expected claims that a verifier believes, got ${got}`)
