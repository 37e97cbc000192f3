import { actorOf } from '../actor-claims.ts'
import type { Actor } from '../actor.ts'
import { type CompactJws, parseCompactJws } from '../compact-jws.ts'
import type { KeySet } from '../key-set.ts'
import { digestArguments } from '../proof/arguments-digest.ts'
import { audienceOf } from '../session-claims.ts'
import { maxTokenCharacters } from '../session-token.ts'
import { parseStrictJsonObject } from '../strict-json.ts'
import {
  type DownstreamClaims,
  downstreamClaimsSchema,
  downstreamType,
  maxDownstreamLifeSeconds,
} from './downstream-claims.ts'
import type { DownstreamFault } from './downstream-fault.ts'
import type { McpCall } from './mcp-call.ts'

/** On whose behalf a request came, by which agent. */
export interface Caller {
  readonly human: string
  /** Absent where the human uses tools directly. */
  readonly actor?: Actor
  readonly sessionId: string
  readonly transactionId: string
  /** `jti`: the invocation as it stands in the log. */
  readonly requestId: string
  /** Milliseconds since the Unix epoch; tokens tell whole seconds. */
  readonly issuedAt: number
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number
  readonly status: { readonly uri: string; readonly index: number }
}

export type DownstreamVerification =
  { readonly ok: true; readonly caller: Caller } | { readonly ok: false; readonly reason: DownstreamFault }

export interface DownstreamVerifier {
  /**
   * Synchronous; reads nothing but its arguments. That a token is used once is for the receiver to see.
   * @param request what was received, not what the token says
   * @param now milliseconds since the Unix epoch
   */
  verify(text: string, request: McpCall, keys: KeySet, now: number): DownstreamVerification
}

/** An engine whose clock is ahead by this much is believed. Nothing is added to `exp`. */
const clockSkewMs = 5_000

const algorithm = 'EdDSA'

/** A strict verifier of the tokens that engines give to one tool server. */
export const createDownstreamVerifier = (options: {
  /** The one tool server that tokens have to be for. */
  readonly server: string
  /** `iss` of the engines. */
  readonly issuer: string
}): DownstreamVerifier => {
  const audience = audienceOf(options.server)

  const faultOf = (
    text: string,
    request: McpCall,
    keys: KeySet,
    now: number,
  ): DownstreamClaims | DownstreamFault => {
    const claims = authenticate(text, keys)
    if (typeof claims === 'string') return claims
    if (claims.iss !== options.issuer) return 'ISSUER_REFUSED'
    if (claims.aud !== audience) return 'AUDIENCE_REFUSED'
    return faultOfTime(claims, now) ?? faultOfRequest(claims.mcp, request) ?? claims
  }

  return {
    verify: (text, request, keys, now) => {
      const result = faultOf(text, request, keys, now)
      return typeof result === 'string'
        ? { ok: false, reason: result }
        : { ok: true, caller: callerOf(result) }
    },
  }
}

const authenticate = (text: string, keys: KeySet): DownstreamClaims | DownstreamFault => {
  if (text.length === 0) return 'TOKEN_ABSENT'
  if (text.length > maxTokenCharacters) return 'TOKEN_TOO_LARGE'
  const jws = parseCompactJws(text)
  if (jws === undefined) return 'NOT_A_COMPACT_JWS'
  const fault = faultOfHeader(jws.header)
  if (fault !== undefined) return fault
  const key = keys.get(String(jws.header['kid']))
  if (key === undefined) return 'KEY_UNKNOWN'
  if (key.algorithm !== algorithm) return 'ALGORITHM_REFUSED'
  if (!key.verifies(jws.signed, jws.signature)) return 'SIGNATURE_WRONG'
  const parsed = downstreamClaimsSchema.safeParse(parseStrictJsonObject(jws.payload.toString('utf8')))
  return parsed.success ? parsed.data : 'CLAIMS_MALFORMED'
}

const faultOfHeader = ({ alg, typ, kid, ...others }: CompactJws['header']): DownstreamFault | undefined => {
  if (Object.keys(others).length > 0) return 'HEADER_PARAMETER_REFUSED'
  if (alg !== algorithm) return 'ALGORITHM_REFUSED'
  if (typ !== downstreamType) return 'TYPE_REFUSED'
  return typeof kid === 'string' ? undefined : 'KEY_UNKNOWN'
}

const faultOfTime = ({ iat, exp }: DownstreamClaims, now: number): DownstreamFault | undefined => {
  if (exp - iat > maxDownstreamLifeSeconds) return 'LIFE_TOO_LONG'
  if (now >= exp * 1000) return 'EXPIRED'
  return iat * 1000 > now + clockSkewMs ? 'ISSUED_IN_FUTURE' : undefined
}

const faultOfRequest = (mcp: DownstreamClaims['mcp'], request: McpCall): DownstreamFault | undefined => {
  if (mcp.method !== request.method) return 'METHOD_REFUSED'
  if (mcp.tool !== request.tool) return 'TOOL_REFUSED'
  if (request.tool === undefined)
    return mcp.content_s256 === digestOf(request.content) ? undefined : 'CONTENT_REFUSED'
  if (mcp.args_s256 !== digestOf(request.arguments ?? {})) return 'ARGUMENTS_REFUSED'
  if (mcp.rest_s256 !== digestOf(request.rest)) return 'REST_REFUSED'
  return undefined
}

/** @returns `undefined` for nothing, which a token says nothing of either */
const digestOf = (said: unknown): string | undefined => {
  if (said === undefined) return undefined
  try {
    return digestArguments(said)
  } catch {
    // What has no canonical text nobody signed.
    return unsigned
  }
}

/** No digest. */
const unsigned = ''

const callerOf = (claims: DownstreamClaims): Caller => ({
  human: claims.sub,
  ...(claims.act && { actor: actorOf(claims.act) }),
  sessionId: claims.sid,
  transactionId: claims.txn,
  requestId: claims.jti,
  issuedAt: claims.iat * 1000,
  expiresAt: claims.exp * 1000,
  status: { uri: claims.status.status_list.uri, index: claims.status.status_list.idx },
})
