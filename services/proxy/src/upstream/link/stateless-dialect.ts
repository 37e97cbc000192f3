import { metaKey } from '../../core/era.ts'
import { isJsonObject } from '../../core/json-rpc.ts'
import type { JsonObject, RequestId, RpcNotification, RpcResponse } from '../../core/json-rpc.ts'
import { requestHeaders } from '../../core/stateless/request-headers.ts'
import type { ProxyEvents } from '../../events.ts'
import type { AgentReply } from '../../ports.ts'
import { nothingOngoing } from '../../session/connection.ts'
import type { Exchange } from '../../session/exchange.ts'
import type { Exchanges } from '../../session/exchanges.ts'
import { answerExchange } from './answer-exchange.ts'
import type { Channel } from '../channel/channel.ts'
import type { Dialect } from './dialect.ts'

export interface StatelessDialectOptions {
  readonly name: string
  readonly channel: Channel
  readonly exchanges: Exchanges
  readonly events: ProxyEvents
}

/** A server that speaks as the agent does: only the names by which requests are known change on the way. */
export const createStatelessDialect = ({
  name,
  channel,
  exchanges,
  events,
}: StatelessDialectOptions): Dialect => {
  const answer = (response: RpcResponse): void => {
    const exchange = response.id === undefined ? undefined : exchanges.find(response.id)
    if (exchange?.state !== 'forwarded') return events.serverMessagesDropped(1)
    const result = withMeta(response.result, { from: exchange.id, to: exchange.agentId })
    return answerExchange(exchanges, exchange, { ...response, result })
  }

  const pass = (notification: RpcNotification, via: RequestId | undefined): AgentReply | undefined => {
    const exchange = addressee(notification, via)
    if (exchange?.state !== 'forwarded') {
      events.serverMessagesDropped(1)
      return undefined
    }
    const { method } = notification
    if (method === progress) exchanges.touch(exchange)
    const params = withMeta(notification.params, { from: exchange.id, to: exchange.agentId })
    const progressToken = method === progress ? { progressToken: exchange.progressToken } : {}
    const data = JSON.stringify({ jsonrpc: '2.0', method, params: { ...params, ...progressToken } })
    return exchange.reply.event({ event: 'message', data }) ? undefined : exchange.reply
  }

  /** Whose notification it is; a pipe does not tell of a log message, which was asked for by an open request. */
  const addressee = (
    { method, params }: RpcNotification,
    via: RequestId | undefined,
  ): Exchange | undefined => {
    const named = method === progress ? params['progressToken'] : metaOf(params)[metaKey.subscriptionId]
    if (isRequestId(named)) return exchanges.find(named)
    return via === undefined
      ? exchanges.all().findLast(({ isLasting, state }) => !isLasting && state === 'forwarded')
      : exchanges.find(via)
  }

  return {
    request(exchange, request, headers) {
      const { method, params } = request
      const progressToken = exchange.progressToken === undefined ? {} : { progressToken: exchange.id }
      const meta = { ...metaOf(params), ...progressToken }
      const message = { jsonrpc: '2.0', id: exchange.id, method, params: { ...params, _meta: meta } }
      channel.send(JSON.stringify(message), { ...headers, ...requestHeaders(request) }, exchange.id)
    },
    receive(message, via) {
      if (message.kind === 'notification') return pass(message, via)
      if (message.kind === 'response') answer(message)
      // Without a session there is nobody to ask.
      else events.serverMessageMalformed(name)
      return undefined
    },
    cancel({ id }) {
      if (channel.hangUp(id)) return
      const params = { requestId: id, reason: 'Nobody waits for it any more.' }
      channel.send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }), {})
    },
    heldId: () => undefined,
    abandon: () => undefined,
    held: nothingOngoing,
  }
}

const progress = 'notifications/progress'

const isRequestId = (value: unknown): value is RequestId =>
  typeof value === 'string' || typeof value === 'number'

const metaOf = (value: JsonObject): JsonObject => {
  const meta = value['_meta']
  return isJsonObject(meta) ? meta : {}
}

/** A value whose `_meta` names a subscription by the id that the other side knows. */
const withMeta = <Value>(
  value: Value,
  { from, to }: { readonly from: RequestId; readonly to: RequestId },
): Value => {
  if (!isJsonObject(value) || metaOf(value)[metaKey.subscriptionId] !== from) return value
  return { ...value, _meta: { ...metaOf(value), [metaKey.subscriptionId]: to } }
}
