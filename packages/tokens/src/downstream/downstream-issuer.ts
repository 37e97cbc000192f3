import { claimsOfActor } from '../actor-claims.ts'
import { encodeJson } from '../compact-jws.ts'
import { audienceOf } from '../session-claims.ts'
import type { SessionToken } from '../session-token.ts'
import { type DownstreamClaims, downstreamType, maxDownstreamLifeSeconds } from './downstream-claims.ts'
import type { DownstreamKey } from './downstream-key.ts'

/** The one request that a token is for. */
export interface DownstreamCall {
  /** `jti`: the invocation, or another id that no second token has. */
  readonly id: string
  /** The MCP method, or `GET` and `DELETE`. */
  readonly method: string
  /** Present in calls, with the digest of its arguments (`digestArguments`), and of what the call says beside. */
  readonly tool?: string
  readonly argumentsDigest?: string
  readonly restDigest?: string
  /** Present in every other message: the digest of what it says. */
  readonly contentDigest?: string
}

export interface DownstreamIssuer {
  /**
   * Synchronous, some 30 µs, most of it the signature.
   * @param token of the request, verified: its server is who the new one is for, and it never outlives the session's
   * @param now milliseconds since the Unix epoch
   */
  issue(token: SessionToken, call: DownstreamCall, now: number): string
}

/** @param options.issuer `iss`: the deployment's issuer and `/engines` */
export const createDownstreamIssuer = (options: {
  readonly issuer: string
  readonly key: DownstreamKey
}): DownstreamIssuer => {
  const { issuer, key } = options
  const header = encodeJson({ typ: downstreamType, alg: 'EdDSA', kid: key.keyId })
  return {
    issue(token, call, now) {
      const signed = `${header}.${encodeJson(claimsOf(issuer, token, call, now))}`
      return `${signed}.${key.sign(Buffer.from(signed, 'latin1')).toString('base64url')}`
    },
  }
}

const claimsOf = (
  issuer: string,
  token: SessionToken,
  call: DownstreamCall,
  now: number,
): DownstreamClaims => {
  const iat = Math.floor(now / 1000)
  return {
    iss: issuer,
    aud: audienceOf(token.server),
    sub: token.human,
    ...(token.actor && { act: claimsOfActor(token.actor) }),
    sid: token.sessionId,
    txn: token.transactionId,
    jti: call.id,
    iat,
    exp: Math.min(iat + maxDownstreamLifeSeconds, token.expiresAt / 1000),
    mcp: {
      method: call.method,
      ...(call.tool !== undefined && { tool: call.tool, args_s256: call.argumentsDigest }),
      ...(call.restDigest !== undefined && { rest_s256: call.restDigest }),
      ...(call.contentDigest !== undefined && { content_s256: call.contentDigest }),
    },
    status: { status_list: { idx: token.status.index, uri: token.status.uri } },
  }
}
