import type { AuthorizeAnswer, Refusal, RefusalReason } from '@cordon/engine-socket'

import { errorText, jsonAnswer } from './answer.ts'
import type { Answer } from './answer.ts'
import { challenge } from './challenge.ts'
import type { Era } from './era.ts'
import { errorCode } from './error-code.ts'
import type { GuardedCall } from './guarded-call.ts'
import type { RequestId } from './json-rpc.ts'
import { uncountedHeader } from './uncounted.ts'

/** Where the refusal of a call stands in the `_meta` of its result. */
export const refusalKey = 'cordon/refusal'

/** Tells an agent that its session has ended (a boolean of RFC 9651). No tool server can say it: none of its headers pass. */
const endedHeader = { 'cordon-session-ended': '?1' }
const endedHeaders = (reason: RefusalReason): Readonly<Record<string, string>> =>
  reason === 'SESSION_ENDED' ? endedHeader : {}

/** A refusal as programs may read it. */
export interface RefusalData {
  readonly reason: RefusalReason
  readonly verdict?: 'hold' | 'deny'
  readonly invocationId?: string
  readonly sessionId?: string
}

export interface RefusedRequest {
  /** Absent for what gets no JSON-RPC response: notifications, responses, GET, DELETE. */
  readonly id: RequestId | undefined
  readonly metadataUrl: string
}

/**
 * No to a call that the engine judged. What is wrong with the token or its proof is the transport's business (401, so that a client
 * can get another). Everything else is an answer to the agent: a tool result that is an error, which the model gets to
 * read, where a protocol error would end in the client's log. So is a token that ran out while its call waited: the call is on record, and whoever got
 * another token would send it again with a number that is used up.
 */
export const refuseCall = (
  refusal: Refusal,
  { verdict, invocationId, sessionId, uncounted }: AuthorizeAnswer,
  call: GuardedCall,
  { id, era, metadataUrl }: RefusedRequest & { readonly id: RequestId; readonly era: Era },
): Answer => {
  const isLate = refusal.reason === 'TOKEN_EXPIRED' && uncounted !== true
  const headers = {
    ...endedHeaders(refusal.reason),
    ...(uncounted === true && { [uncountedHeader]: refusal.reason }),
  }
  if (isTokenRefusal(refusal.reason) && !isLate) return unauthorized(refusal, id, metadataUrl, headers)
  const data: RefusalData = {
    reason: refusal.reason,
    verdict: verdict === 'hold' ? 'hold' : 'deny',
    ...(invocationId !== undefined && { invocationId }),
    ...(sessionId !== undefined && { sessionId }),
  }
  const text = refusalText(refusal)
  if (call.refusedBy === 'error')
    return jsonAnswer(200, errorText(id, errorCode.refused, text, { [refusalKey]: data }), headers)
  const result = {
    ...resultBases[era],
    content: [{ type: 'text', text }],
    isError: true,
    _meta: { [refusalKey]: data },
  }
  return jsonAnswer(200, { jsonrpc: '2.0', id, result }, headers)
}

/** What each result of an era has. */
const resultBases: Readonly<Record<Era, object>> = { sessionful: {}, stateless: { resultType: 'complete' } }

/** The end of a request that was under way when its session lost its standing. */
export const cutText = (id: RequestId, { reason, message }: Refusal): string => {
  const under = `${message} It was under way: what its server had done of it may stand.`
  return errorText(id, errorCode.refused, refusalText({ reason, message: under }), {
    [refusalKey]: { reason } satisfies RefusalData,
  })
}

/** No to everything else. */
export const refuseAdmission = (refusal: Refusal, { id, metadataUrl }: RefusedRequest): Answer => {
  if (isTokenRefusal(refusal.reason)) return unauthorized(refusal, id, metadataUrl)
  const text = errorText(id ?? null, errorCode.refused, refusalText(refusal), {
    [refusalKey]: { reason: refusal.reason } satisfies RefusalData,
  })
  const headers = endedHeaders(refusal.reason)
  if (id !== undefined) return jsonAnswer(200, text, headers)
  return jsonAnswer(passing.has(refusal.reason) ? 503 : 403, text, headers)
}

// Nothing about the session: the same request may be answered in a moment.
const passing: ReadonlySet<RefusalReason> = new Set([
  'ENGINE_UNAVAILABLE',
  'SESSION_STALE',
  'BUNDLE_MISSING',
  'RECORDING_FAILED',
  'RATE_LIMITED',
  'GATE_TIMEOUT',
])

const isTokenRefusal = (reason: RefusalReason): boolean =>
  reason.startsWith('TOKEN_') || reason.startsWith('PROOF_')

/** For a person or a model to read. */
export const refusalText = ({ reason, message }: Refusal): string =>
  `Cordon: ${withHelp(reason, message)} (${reason})`

const withHelp = (reason: RefusalReason, message: string): string =>
  reason === 'ENGINE_UNAVAILABLE'
    ? `${message} Without it nothing is allowed. Try again in a moment; if it stays so, an operator has to look at it.`
    : message

const unauthorized = (
  refusal: Refusal,
  id: RequestId | undefined,
  metadataUrl: string,
  headers: Answer['headers'] = {},
): Answer =>
  jsonAnswer(
    401,
    errorText(id ?? null, errorCode.refused, refusalText(refusal), {
      [refusalKey]: { reason: refusal.reason },
    }),
    { ...headers, 'www-authenticate': challenge(metadataUrl, refusal) },
  )
