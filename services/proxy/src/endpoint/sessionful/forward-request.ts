import { errorText, jsonAnswer, reject } from '../../core/answer.ts'
import { withCallToken } from '../../core/call-token.ts'
import { errorCode } from '../../core/error-code.ts'
import { guardedCall } from '../../core/guarded-call.ts'
import type { RequestId, RpcRequest } from '../../core/json-rpc.ts'
import { refuseAdmission } from '../../core/refusal-answer.ts'
import type { AgentReply } from '../../ports.ts'
import type { Exchange } from '../../session/exchange.ts'
import { maxOpenExchanges } from '../../session/exchanges.ts'
import type { McpSession } from '../../session/mcp-session.ts'
import { reportEnd } from '../../session/report-end.ts'
import { admitCaller } from '../admit-caller.ts'
import type { Caller, EndpointParts } from '../endpoint-parts.ts'
import { screenListing } from '../screen-listing.ts'
import { forwardCall } from './forward-call.ts'
import { unknown } from './find-session.ts'

/** Forwards a request within an MCP session: what does something is authorised, everything else admitted. */
export const forwardRequest = async (
  parts: EndpointParts,
  caller: Caller,
  session: McpSession,
  request: RpcRequest,
  text: string,
  reply: AgentReply,
): Promise<void> => {
  const { exchanges } = session
  const call = guardedCall(request, 'sessionful')
  if (call?.kind === 'invalid') {
    parts.events.requestRejected('message')
    return reply.answer(jsonAnswer(200, errorText(request.id, errorCode.invalidParams, call.problem)))
  }
  if (exchanges.size >= maxOpenExchanges) {
    parts.events.requestRejected('overloaded')
    const problem = `Cordon: expected at most ${maxOpenExchanges} open requests in an MCP session, got more`
    return reply.answer(jsonAnswer(200, errorText(request.id, errorCode.overloaded, problem)))
  }
  const exchange = exchanges.open(request, reply)
  if (exchange === undefined) {
    parts.events.requestRejected('message')
    return reply.answer(idInUse(request.id))
  }
  const forward = (callToken: string | undefined): void =>
    session.upstream.request(exchange, text, withCallToken(caller.forwarded, callToken))
  if (call !== undefined) return forwardCall(parts, caller, { session, exchange, call, forward })

  const admitted = await admitCaller(parts, caller, request.method, text)
  if (admitted.refusal !== undefined) {
    reply.answer(refuseAdmission(admitted.refusal, { id: request.id, metadataUrl: caller.metadataUrl }))
    return exchanges.drop(exchange, 'error')
  }
  if (admitted.sessionId !== session.owner) {
    reply.answer(unknown(request.id))
    return exchanges.drop(exchange, 'error')
  }
  if (exchange.state === 'over') return
  if (exchange.cancelled) return exchanges.drop(exchange, 'cancelled')
  followTask(parts, session, exchange, request)
  screenListing(parts, caller, exchange, admitted)
  exchanges.markForwarded(exchange)
  forward(admitted.callToken)
}

/** Ties the request that ends a task to the call that began it. */
const followTask = (
  parts: EndpointParts,
  { tasks }: McpSession,
  exchange: Exchange,
  { method, params }: RpcRequest,
): void => {
  if (method === 'tasks/result') {
    // Until the result is there the call is open: whoever asks for it and then gives up, or asks wrongly, must not get it unseen later.
    exchange.screen = response => {
      if (response.error !== undefined) return response
      exchange.invocationId = tasks.take(params['taskId'])
      return exchange.invocationId === undefined
        ? { ...response, result: undefined, error: nobodys }
        : response
    }
  } else if (method === 'tasks/cancel') {
    exchange.onResponse = ({ error }) => {
      if (error === undefined) reportEnd(parts, tasks.take(params['taskId']), 'cancelled')
    }
  }
}

/** It may have been given before, or begun in another MCP session: it would be seen by nobody but the agent. */
const nobodys = {
  code: errorCode.invalidParams,
  message:
    'Cordon: expected the result of a call that this MCP session made and that has none yet, got another; make the call again',
}

const idInUse = (id: RequestId): ReturnType<typeof reject> =>
  reject({
    status: 400,
    cause: 'message',
    code: errorCode.invalidRequest,
    message: 'id: expected one that no open request has, got one in use',
    id,
  })
