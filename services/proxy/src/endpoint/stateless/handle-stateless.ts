import type { AgentRequest } from '../../core/agent-request.ts'
import type { Rejection } from '../../core/answer.ts'
import { accepted, reject } from '../../core/answer.ts'
import { isClientMessage } from '../../core/client-methods.ts'
import { errorCode } from '../../core/error-code.ts'
import type { GuardedCall } from '../../core/guarded-call.ts'
import { guardedCall } from '../../core/guarded-call.ts'
import type { RequestId, RpcRequest } from '../../core/json-rpc.ts'
import { methodUnknown } from '../../core/method-unknown.ts'
import { refuseAdmission } from '../../core/refusal-answer.ts'
import { checkEnvelope } from '../../core/stateless/check-envelope.ts'
import { paramHeaders } from '../../core/stateless/check-param-headers.ts'
import { checkSubscribedUris } from '../../core/subscribed-uris.ts'
import { clientOf } from '../../core/stateless/client.ts'
import type { AgentReply } from '../../ports.ts'
import { maxOpenExchanges } from '../../session/exchanges.ts'
import { findLink } from '../../session/link-opener.ts'
import type { Link } from '../../session/link.ts'
import { tracingOf } from '../../upstream/tracing.ts'
import { admitCaller } from '../admit-caller.ts'
import type { Caller, EndpointParts } from '../endpoint-parts.ts'
import { forwardCall } from '../forward-call.ts'
import type { Posted } from '../handle-post.ts'

/** A message that stands by itself (MCP 2026-07-28). */
export const handleStateless = async (
  parts: EndpointParts,
  caller: Caller,
  { message, request, reply }: Posted,
): Promise<void> => {
  const rejection =
    checkEnvelope(request, message) ??
    (isClientMessage(message, 'stateless') ? undefined : methodUnknown(message, 'stateless'))
  if (rejection !== undefined) return turnAway(parts, reply, rejection)
  // There is one notification, and it repeats what the end of a stream has said.
  if (message.kind !== 'request') return reply.answer(accepted)
  const tooMany = checkSubscribedUris(message)
  if (tooMany !== undefined) return turnAway(parts, reply, tooMany)
  const call = guardedCall(message, 'stateless')
  if (call?.kind === 'invalid') return turnAway(parts, reply, invalidCall(message.id, call.problem))

  const { token, server, metadataUrl } = caller
  const { sessionId: owner, refusal } = await admitCaller(parts, caller)
  if (owner === undefined) return reply.answer(refuseAdmission(refusal, { id: message.id, metadataUrl }))
  const mismatch = parts.toolHeaders.check(server, message, paramHeaders(request))
  if (mismatch !== undefined) return turnAway(parts, reply, headerMismatch(message.id, mismatch))
  const link = findLink(parts, { server, owner, token, client: clientOf(message) })
  if (link === undefined || link.exchanges.size >= maxOpenExchanges) {
    return turnAway(parts, reply, tooMuch(message.id))
  }
  link.learn(token)
  link.markUsed(parts.timers.now())
  return forward(parts, caller, { link, call, message, request, reply })
}

interface Forwarded {
  readonly link: Link
  readonly call: GuardedCall | undefined
  readonly message: RpcRequest
  readonly request: AgentRequest
  readonly reply: AgentReply
}

const forward = async (
  parts: EndpointParts,
  caller: Caller,
  { link, call, message, request, reply }: Forwarded,
): Promise<void> => {
  const { exchanges, upstream } = link
  const exchange = link.open(message, reply)
  if (exchange === undefined) return turnAway(parts, reply, alreadyRetried(message.id))
  reply.onOver(() => {
    // The end of the stream cancels (MCP 2026-07-28).
    exchange.cancelled = true
    if (exchange.state !== 'forwarded') return
    upstream.cancel(exchange)
    exchanges.drop(exchange, 'cancelled')
  })
  const headers = { ...tracingOf(caller.forwarded), ...paramHeaders(request) }
  const send = (): void => upstream.request(exchange, message, headers)
  if (call !== undefined) {
    const connection = { connection: link, era: 'stateless', unknown: notYours } as const
    return forwardCall(parts, caller, { ...connection, exchange, call, forward: send })
  }
  if (exchange.isLasting) link.hold(reply)
  exchanges.markForwarded(exchange)
  return send()
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

const notYours = (id: RequestId): Rejection =>
  reject({
    status: 403,
    cause: 'session_unknown',
    code: errorCode.refused,
    message: 'Cordon: expected the token of one session for the whole request, got another one.',
    id,
  })
