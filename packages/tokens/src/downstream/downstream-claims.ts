import { isSessionId, type SessionId } from '@cordon/foundation'
import { z } from 'zod'

import { type ActorClaims, actorClaimsSchema } from '../actor-claims.ts'
import { type StatusClaims, statusClaimsSchema } from '../status-claims.ts'

/** No other kind of token of ours has it. */
export const downstreamType = 'cordon-call+jwt'

/** A tool server answers within it, or asks what became of the call; nobody needs the token for longer. */
export const maxDownstreamLifeSeconds = 60

/** The claims as they are signed. Times are seconds since the Unix epoch. */
export interface DownstreamClaims {
  readonly iss: string
  readonly aud: string
  readonly sub: string
  readonly act?: ActorClaims | undefined
  readonly sid: SessionId
  readonly txn: string
  /** The invocation, or another id of the request. */
  readonly jti: string
  readonly iat: number
  readonly exp: number
  readonly mcp: {
    readonly method: string
    readonly tool?: string | undefined
    readonly args_s256?: string | undefined
    readonly rest_s256?: string | undefined
    readonly content_s256?: string | undefined
  }
  readonly status: StatusClaims
}

const text = z.string().min(1).max(512)
const seconds = z.number().int().positive()
const digest = z.string().length(43)

export const downstreamClaimsSchema: z.ZodType<DownstreamClaims> = z
  .strictObject({
    iss: text,
    aud: text,
    sub: text,
    act: actorClaimsSchema.optional(),
    sid: z.string().refine(isSessionId),
    txn: text,
    jti: text,
    iat: seconds,
    exp: seconds,
    mcp: z
      .strictObject({
        method: text,
        tool: text.optional(),
        args_s256: digest.optional(),
        rest_s256: digest.optional(),
        content_s256: digest.optional(),
      })
      .refine(({ tool, args_s256: args }) => (tool === undefined) === (args === undefined))
      .refine(({ tool, rest_s256: rest, content_s256: content }) =>
        tool === undefined ? rest === undefined : content === undefined,
      ),
    status: statusClaimsSchema,
  })
  .refine(({ iat, exp }) => iat < exp)
