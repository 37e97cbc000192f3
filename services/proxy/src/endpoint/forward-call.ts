import { refuseCall } from '../core/refusal-answer.ts'
import type { GuardedCall } from '../core/guarded-call.ts'
import type { RpcRequest } from '../core/json-rpc.ts'
import type { Exchange } from '../session/exchange.ts'
import type { McpSession } from '../session/mcp-session.ts'
import { unexplained } from './admit-caller.ts'
import type { Caller, EndpointParts } from './endpoint-parts.ts'
import { unknown } from './find-session.ts'

export interface CallToForward {
  readonly session: McpSession
  readonly exchange: Exchange
  readonly request: RpcRequest
  readonly call: GuardedCall
  readonly text: string
}

/** The enforcement point proper: asks about a call, and forwards it where the engine says so and only then. */
export const forwardCall = async (
  { engine, events, timers }: EndpointParts,
  caller: Caller,
  { session, exchange, request, call, text }: CallToForward,
): Promise<void> => {
  const { token, server, metadataUrl } = caller
  const { exchanges } = session
  const askedAt = timers.now()
  const decision = await engine.authorize({ token, server, tool: call.tool, arguments: call.arguments })
  events.callDecided(decision.verdict, (timers.now() - askedAt) / 1000)

  if (decision.verdict !== 'forward') {
    const { refusal = unexplained } = decision
    events.requestRefused(refusal.reason)
    exchange.reply.answer(refuseCall(refusal, decision, call, { id: request.id, metadataUrl }))
    return exchanges.drop(exchange, 'error')
  }
  // The MCP session may have ended meanwhile.
  if (!exchanges.record(exchange, decision.invocationId)) return
  if (decision.sessionId !== session.owner) {
    exchange.reply.answer(unknown(request.id))
    return exchanges.drop(exchange, 'error')
  }
  if (exchange.cancelled) return exchanges.drop(exchange, 'cancelled')
  exchanges.markForwarded(exchange)
  session.upstream.request(exchange, text, caller.forwarded)
}
