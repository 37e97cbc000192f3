import type { InvocationId, SessionId } from '@cordon/foundation'

import type { AgentRequest } from '../../core/agent-request.ts'
import type { Answer, Rejection } from '../../core/answer.ts'
import { accepted, reject } from '../../core/answer.ts'
import { isClientMessage } from '../../core/client-methods.ts'
import { errorCode } from '../../core/error-code.ts'
import type { GuardedCall } from '../../core/guarded-call.ts'
import { guardedCall } from '../../core/guarded-call.ts'
import type { RequestId, RpcRequest } from '../../core/json-rpc.ts'
import { withCallToken } from '../../core/call-token.ts'
import { methodUnknown } from '../../core/method-unknown.ts'
import { refuseAdmission } from '../../core/refusal-answer.ts'
import { checkEnvelope } from '../../core/stateless/check-envelope.ts'
import { paramHeaders } from '../../core/stateless/check-param-headers.ts'
import { checkSubscribedUris } from '../../core/subscribed-uris.ts'
import { clientOf, withBriefClient } from '../../core/stateless/client.ts'
import { sessionOf } from '../../core/token-claims.ts'
import type { AgentReply } from '../../ports.ts'
import { maxOpenExchanges } from '../../session/exchanges.ts'
import { findLink } from '../../session/link-opener.ts'
import type { Link } from '../../session/link.ts'
import { reportEnd } from '../../session/report-end.ts'
import { tracingOf } from '../../upstream/tracing.ts'
import { admitCaller, unexplained } from '../admit-caller.ts'
import { authorizeCall } from '../authorize-call.ts'
import type { Caller, EndpointParts } from '../endpoint-parts.ts'
import type { Posted } from '../handle-post.ts'
import { screenListing } from '../screen-listing.ts'

/** A message that stands by itself (MCP 2026-07-28). */
export const handleStateless = async (
  parts: EndpointParts,
  caller: Caller,
  { message: posted, request, reply }: Posted,
): Promise<void> => {
  const rejection =
    checkEnvelope(request, posted) ??
    (isClientMessage(posted, 'stateless') ? undefined : methodUnknown(posted, 'stateless'))
  if (rejection !== undefined) return turnAway(parts, reply, rejection)
  // There is one notification, and it repeats what the end of a stream has said.
  if (posted.kind !== 'request') return reply.answer(accepted)
  const message = withBriefClient(posted)
  const tooMany = checkSubscribedUris(message)
  if (tooMany !== undefined) return turnAway(parts, reply, tooMany)
  const call = guardedCall(message, 'stateless')
  if (call?.kind === 'invalid') return turnAway(parts, reply, invalidCall(message.id, call.problem))

  const { token, server } = caller
  const allowed = await allow(parts, caller, message, call)
  if ('answer' in allowed) return reply.answer(allowed.answer)
  const { owner, invocationId } = allowed
  // The end of the stream cancels (MCP 2026-07-28): the agent left while the engine was asked.
  if (reply.state === 'over') return reportEnd(parts, invocationId, 'cancelled')
  // Not before: what is said of a tool's headers is said of a tool, and whoever may not call it does not learn of it.
  const mismatch = parts.toolHeaders.check(server, message, paramHeaders(request))
  if (mismatch !== undefined) {
    reportEnd(parts, invocationId, 'error')
    return turnAway(parts, reply, headerMismatch(message.id, mismatch))
  }
  const link = findLink(parts, { server, owner, token, client: clientOf(message) })
  if (link === undefined || link.exchanges.size >= maxOpenExchanges) {
    reportEnd(parts, invocationId, 'error')
    return turnAway(parts, reply, tooMuch(message.id))
  }
  link.learn(token)
  link.markUsed(parts.timers.now())
  return forward(parts, caller, allowed, { link, message, request, reply, tool: call?.tool })
}

/** A request that may be forwarded: whose it is, and what its server gets to see of that. */
interface Allowed {
  readonly owner: SessionId
  readonly invocationId: InvocationId | undefined
  readonly callToken: string | undefined
  /** See `AdmitReply`. */
  readonly pins: Readonly<Record<string, string>> | undefined
}

const allow = async (
  parts: EndpointParts,
  caller: Caller,
  { id, method, params }: RpcRequest,
  call: GuardedCall | undefined,
): Promise<Allowed | { readonly answer: Answer }> => {
  const { metadataUrl } = caller
  if (call === undefined) {
    const text = JSON.stringify({ jsonrpc: '2.0', id, method, params })
    const { sessionId: owner, refusal, ...admitted } = await admitCaller(parts, caller, method, text)
    if (owner === undefined) return { answer: refuseAdmission(refusal, { id, metadataUrl }) }
    return { callToken: undefined, pins: undefined, ...admitted, owner, invocationId: undefined }
  }
  const authorized = await authorizeCall(parts, caller, {
    call,
    id,
    era: 'stateless',
    listedTo: sessionOf(caller.token),
  })
  if (authorized.answer !== undefined) return authorized
  const { sessionId: owner, invocationId, callToken } = authorized
  if (owner !== undefined) return { owner, invocationId, callToken, pins: undefined }
  reportEnd(parts, invocationId, 'error')
  return { answer: refuseAdmission(unexplained, { id, metadataUrl }) }
}

/** A call that was allowed and is not forwarded after all. */
interface Forwarded {
  readonly link: Link
  readonly message: RpcRequest
  readonly request: AgentRequest
  readonly reply: AgentReply
  readonly tool: string | undefined
}

const forward = (
  parts: EndpointParts,
  caller: Caller,
  { owner: sessionId, invocationId, callToken, pins }: Allowed,
  { link, message, request, reply, tool }: Forwarded,
): void => {
  const { exchanges, upstream } = link
  const exchange = link.open(message, reply)
  if (exchange === undefined) {
    reportEnd(parts, invocationId, 'error')
    return turnAway(parts, reply, alreadyRetried(message.id))
  }
  exchanges.record(exchange, invocationId, tool)
  screenListing(parts, caller, exchange, { sessionId, pins })
  reply.onOver(() => {
    // The end of the stream cancels (MCP 2026-07-28).
    exchange.cancelled = true
    if (exchange.state !== 'forwarded') return
    upstream.cancel(exchange)
    exchanges.drop(exchange, 'cancelled')
  })
  if (exchange.isLasting) link.hold(reply)
  exchanges.markForwarded(exchange)
  const headers = { ...tracingOf(caller.forwarded), ...paramHeaders(request) }
  return upstream.request(exchange, message, withCallToken(headers, callToken))
}

const turnAway = ({ events }: EndpointParts, reply: AgentReply, rejection: Rejection): void => {
  events.requestRejected(rejection.cause)
  reply.answer(rejection)
}

const headerMismatch = (id: RequestId, message: string): Rejection =>
  reject({ status: 400, cause: 'header_mismatch', code: errorCode.headerMismatch, message, id })

const invalidCall = (id: RequestId, problem: string): Rejection =>
  reject({ status: 200, cause: 'message', code: errorCode.invalidParams, message: problem, id })

const tooMuch = (id: RequestId): Rejection =>
  reject({
    status: 503,
    cause: 'overloaded',
    code: errorCode.overloaded,
    message: `Cordon: too many MCP sessions, or more than ${maxOpenExchanges} requests, are open. Try again later.`,
    id,
  })

const alreadyRetried = (id: RequestId): Rejection =>
  reject({
    status: 400,
    cause: 'message',
    code: errorCode.invalidRequest,
    message: 'requestState: expected one that no open request has, got one in use',
    id,
  })
