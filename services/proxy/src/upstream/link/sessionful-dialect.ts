import { answerMethod, withCallToken } from '../../core/call-token.ts'
import { errorCode } from '../../core/error-code.ts'
import type { JsonObject, RequestId, RpcNotification, RpcRequest, RpcResponse } from '../../core/json-rpc.ts'
import { discoverResult, sessionfulParams, statelessResponse } from '../../core/stateless/translation.ts'
import type { ProxyEvents } from '../../events.ts'
import type { AgentReply, Timers } from '../../ports.ts'
import type { Exchanges } from '../../session/exchanges.ts'
import type { Vouch } from '../../session/vouch.ts'
import { answerExchange } from './answer-exchange.ts'
import type { Channel } from '../channel/channel.ts'
import type { Dialect } from './dialect.ts'
import { createHeldCalls } from './held-calls.ts'
import type { Initialized } from './negotiation.ts'
import type { OwnRequests } from '../channel/own-requests.ts'
import { createSubscriptions } from './subscriptions.ts'
import { toldWishes } from './told-wishes.ts'

export interface SessionfulDialectOptions {
  readonly channel: Channel
  readonly initialized: Initialized
  readonly own: OwnRequests
  readonly vouch: Vouch
  readonly exchanges: Exchanges
  readonly timers: Timers
  readonly events: ProxyEvents
  readonly callTimeoutMs: number
  readonly newSessionId: () => string
}

/** To a server on HTTP each is a connection. */
const subscribesAtOnce = 4

/** A server of the older era: the proxy keeps the session that its agents do not have. */
export const createSessionfulDialect = (options: SessionfulDialectOptions): Dialect => {
  const { channel, initialized, own, vouch, exchanges, timers, events, callTimeoutMs } = options
  const version = { 'mcp-protocol-version': initialized.version }

  const send = (message: object): void =>
    channel.send(JSON.stringify({ jsonrpc: '2.0', ...message }), version)

  const tellCancelled = (requestId: RequestId): void => {
    const params = { requestId, reason: 'Nobody waits for it any more.' }
    send({ method: 'notifications/cancelled', params })
    channel.hangUp(requestId)
  }

  const held = createHeldCalls({
    exchanges,
    timers,
    holdMs: callTimeoutMs,
    newState: options.newSessionId,
    reply({ id }, answer, saidAs) {
      const content = { id, ...answer }
      if (saidAs === undefined) return send(content)
      const text = JSON.stringify({ jsonrpc: '2.0', ...content })
      void vouch({ method: answerMethod, content, saidAs }).then(callToken =>
        channel.send(text, withCallToken(version, callToken)),
      )
    },
    cancel: tellCancelled,
  })

  const subscriptions = createSubscriptions({
    exchanges,
    capabilities: initialized.capabilities,
    setSubscribed: toldWishes<JsonObject>(subscribesAtOnce, async (uri, listening) => {
      const method = listening === undefined ? 'resources/unsubscribe' : 'resources/subscribe'
      const params = { uri }
      const saidAs = listening && { listening }
      const callToken = await vouch({ method, content: params, ...(saidAs && { saidAs }) })
      const headers = withCallToken(version, callToken)
      return own.ask({ channel, method, params, headers, timeoutMs: callTimeoutMs })
    }),
  })

  const receiveResponse = (response: RpcResponse): void => {
    const exchange = response.id === undefined ? undefined : exchanges.find(response.id)
    if (exchange?.state === 'forwarded') {
      return answerExchange(exchanges, exchange, statelessResponse(exchange.method, response))
    }
    if (!held.keep(response)) events.serverMessagesDropped(1)
  }

  const receiveNotification = ({ method, params }: RpcNotification): AgentReply | undefined => {
    if (method !== 'notifications/progress')
      return subscriptions.deliver({ kind: 'notification', method, params })
    const token = params['progressToken']
    const exchange = typeof token === 'string' ? exchanges.find(token) : undefined
    if (exchange?.state !== 'forwarded') return undefined
    exchanges.touch(exchange)
    const told = { ...params, progressToken: exchange.progressToken }
    const data = JSON.stringify({ jsonrpc: '2.0', method, params: told })
    return exchange.reply.event({ event: 'message', data }) ? undefined : exchange.reply
  }

  const receiveRequest = (request: RpcRequest, via: RequestId | undefined): void => {
    const { id, method } = request
    if (method === 'ping') return send({ id, result: {} })
    if (questions.has(method) && held.ask(request, via)) return
    const message = `${method}: expected within the only open call of a client, got at another time`
    return send({ id, error: { code: errorCode.methodNotFound, message } })
  }

  return {
    request(exchange, request, headers) {
      const { method, params } = request
      if (method === 'server/discover') {
        const result = discoverResult(initialized)
        const { id } = exchange
        return answerExchange(exchanges, exchange, { kind: 'response', id, result, error: undefined })
      }
      if (method === 'subscriptions/listen') return subscriptions.open(exchange, request)
      const isRetry = params['requestState'] !== undefined || params['inputResponses'] !== undefined
      if (isRetry) return held.resume(exchange, request)
      held.begin(exchange, request)
      const message = {
        jsonrpc: '2.0',
        id: exchange.id,
        method,
        params: sessionfulParams(request, exchange.id),
      }
      return channel.send(JSON.stringify(message), { ...headers, ...version }, exchange.id)
    },
    receive(message, via) {
      if (message.kind === 'notification') return receiveNotification(message)
      if (message.kind === 'response') receiveResponse(message)
      else receiveRequest(message, via)
      return undefined
    },
    cancel({ id, isLasting }) {
      if (!isLasting) tellCancelled(id)
    },
    heldId: request => held.heldId(request),
    abandon: id => held.abandon(id),
    held,
  }
}

/** What a server with sessions may ask of its client. */
const questions: ReadonlySet<string> = new Set(['elicitation/create', 'sampling/createMessage'])
