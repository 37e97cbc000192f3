import type { GuardedCall } from '../../core/guarded-call.ts'
import type { Exchange } from '../../session/exchange.ts'
import type { McpSession } from '../../session/mcp-session.ts'
import { authorizeCall } from '../authorize-call.ts'
import type { Caller, EndpointParts } from '../endpoint-parts.ts'
import { unknown } from './find-session.ts'

export interface CallToForward {
  readonly session: McpSession
  readonly exchange: Exchange
  readonly call: GuardedCall
  readonly forward: (callToken: string | undefined) => void
}

/** A call within an MCP session. */
export const forwardCall = async (
  parts: EndpointParts,
  caller: Caller,
  { session, exchange, call, forward }: CallToForward,
): Promise<void> => {
  const { exchanges } = session
  const { agentId: id } = exchange
  const authorized = await authorizeCall(parts, caller, {
    call,
    id,
    era: 'sessionful',
    listedTo: session.owner,
  })
  if (authorized.answer !== undefined) {
    exchange.reply.answer(authorized.answer)
    return exchanges.drop(exchange, 'error')
  }
  // The MCP session may have ended meanwhile.
  if (!exchanges.record(exchange, authorized.invocationId, call.tool)) return
  if (authorized.sessionId !== session.owner) {
    exchange.reply.answer(unknown(id))
    return exchanges.drop(exchange, 'error')
  }
  if (exchange.cancelled) return exchanges.drop(exchange, 'cancelled')
  exchanges.markForwarded(exchange)
  forward(authorized.callToken)
}
