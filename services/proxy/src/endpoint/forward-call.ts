import type { Rejection } from '../core/answer.ts'
import type { Era } from '../core/era.ts'
import { refuseCall } from '../core/refusal-answer.ts'
import type { GuardedCall } from '../core/guarded-call.ts'
import type { RequestId } from '../core/json-rpc.ts'
import type { Connection } from '../session/connection.ts'
import type { Exchange } from '../session/exchange.ts'
import { unexplained } from './admit-caller.ts'
import type { Caller, EndpointParts } from './endpoint-parts.ts'

export interface CallToForward {
  readonly connection: Connection
  readonly exchange: Exchange
  readonly call: GuardedCall
  readonly era: Era
  /** How somebody else's connection is denied. */
  readonly unknown: (id: RequestId) => Rejection
  readonly forward: () => void
}

/** The enforcement point proper: asks about a call, and forwards it where the engine says so and only then. */
export const forwardCall = async (
  { engine, events, timers }: EndpointParts,
  caller: Caller,
  { connection, exchange, call, era, unknown, forward }: CallToForward,
): Promise<void> => {
  const { token, server, metadataUrl } = caller
  const { exchanges } = connection
  const { agentId: id } = exchange
  const askedAt = timers.now()
  const decision = await engine.authorize({ token, server, tool: call.tool, arguments: call.arguments })
  events.callDecided(decision.verdict, (timers.now() - askedAt) / 1000)

  if (decision.verdict !== 'forward') {
    const { refusal = unexplained } = decision
    events.requestRefused(refusal.reason)
    exchange.reply.answer(refuseCall(refusal, decision, call, { id, era, metadataUrl }))
    return exchanges.drop(exchange, 'error')
  }
  // The MCP session may have ended meanwhile.
  if (!exchanges.record(exchange, decision.invocationId)) return
  if (decision.sessionId !== connection.owner) {
    exchange.reply.answer(unknown(id))
    return exchanges.drop(exchange, 'error')
  }
  if (exchange.cancelled) return exchanges.drop(exchange, 'cancelled')
  exchanges.markForwarded(exchange)
  forward()
}
