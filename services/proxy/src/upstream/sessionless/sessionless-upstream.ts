import type { Refusal } from '@cordon/engine-socket'
import { mcpCallOf } from '@cordon/tokens'

import { accepted } from '../../core/answer.ts'
import { callTokenIn, withCallToken } from '../../core/call-token.ts'
import { errorCode } from '../../core/error-code.ts'
import { isJsonObject } from '../../core/json-rpc.ts'
import type { RequestId, RpcNotification, RpcRequest, RpcResponse } from '../../core/json-rpc.ts'
import { requestHeaders } from '../../core/stateless/request-headers.ts'
import { sessionfulResponse } from '../../core/stateless/translation.ts'
import { refusalKey, refusalText } from '../../core/refusal-answer.ts'
import type { AgentReply } from '../../ports.ts'
import type { Exchange } from '../../session/exchange.ts'
import type { Exchanges } from '../../session/exchanges.ts'
import { finishReply } from '../../session/finish-reply.ts'
import type { Repeat } from '../../session/vouch.ts'
import type { Channel } from '../channel/channel.ts'
import type { ChannelOptions } from '../channel/open-channel.ts'
import { openChannel } from '../channel/open-channel.ts'
import { createOwnRequests } from '../channel/own-requests.ts'
import { parseMessage } from '../inspection.ts'
import { tracingOf } from '../tracing.ts'
import type { ForwardedHeaders, Upstream, UpstreamObserver } from '../upstream.ts'
import { createAgentQuestions } from './agent-questions.ts'
import { createAgentStream } from './agent-stream.ts'
import { createChangeStream } from './change-stream.ts'
import type { Said } from './session-facts.ts'
import { createSessionFacts } from './session-facts.ts'

export interface SessionlessUpstreamOptions extends ChannelOptions {
  readonly exchanges: Exchanges
  readonly observer: UpstreamObserver
  readonly callTimeoutMs: number
  readonly newSessionId: () => string
  readonly repeat: Repeat
}

/** A server that knows no sessions, for an agent that wants one: the proxy keeps what the agent says only once. */
export const openSessionlessUpstream = (options: SessionlessUpstreamOptions): Upstream => {
  const { name, exchanges, events, timers, callTimeoutMs, newSessionId: newId, repeat } = options
  const own = createOwnRequests(timers, newId)
  const requests = new Map<RequestId, { readonly request: RpcRequest; readonly headers: ForwardedHeaders }>()
  const stream = createAgentStream(events)

  const send = ({ id, method, params }: RpcRequest, headers: ForwardedHeaders = {}): void => {
    const meta = isJsonObject(params['_meta']) ? params['_meta'] : {}
    const said = { ...params, _meta: { ...meta, ...facts.envelope } }
    const repeated = requestHeaders({ kind: 'request', id, method, params })
    channel.send(
      JSON.stringify({ jsonrpc: '2.0', id, method, params: said }),
      { ...headers, ...repeated },
      id,
    )
  }

  const leave = (requestId: RequestId): void => {
    if (channel.hangUp(requestId)) return
    const params = { requestId, reason: 'Nobody waits for it any more.' }
    channel.send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }), {})
  }

  const changes = createChangeStream({
    newId,
    timers,
    listen: (id, notifications) =>
      send({ kind: 'request', id, method: 'subscriptions/listen', params: { notifications } }),
    leave,
  })

  const facts = createSessionFacts({
    changes,
    discover: envelope =>
      own.ask({
        channel,
        method: discover.method,
        params: { _meta: envelope },
        headers: requestHeaders(discover),
        timeoutMs: callTimeoutMs,
      }),
  })

  const answer = (
    exchange: Exchange,
    said: { readonly result: unknown } | { readonly error: unknown },
  ): void => {
    const text = JSON.stringify({ jsonrpc: '2.0', id: exchange.id, ...said })
    const response = { result: undefined, error: undefined, ...said }
    const told = exchanges.conclude(exchange, { kind: 'response', id: exchange.id, ...response }, text)
    finishReply(exchange.reply, told)
  }

  const questions = createAgentQuestions({
    timers,
    retry(exchange, request, answerIds) {
      exchanges.touch(exchange)
      const { rest: content } = mcpCallOf({ method: request.method, params: request.params })
      const said = { ...(content && { content }), saidAs: { answerIds } }
      // The call was judged once; whether it may still go, and with which token, the engine says.
      void repeat(exchange, said).then(({ vouched, downstreamToken, refusal = unexplained }) => {
        const asked = requests.get(exchange.id)
        if (exchange.state !== 'forwarded' || exchange.cancelled || asked === undefined) return
        if (vouched) return send(request, withCallToken(asked.headers, downstreamToken))
        events.requestRefused(refusal.reason)
        const data = { [refusalKey]: { reason: refusal.reason } }
        answer(exchange, { error: { code: errorCode.refused, message: refusalText(refusal), data } })
      })
    },
    fail: (exchange, error) => answer(exchange, { error }),
    onRefused: cause => events.serverMessageRefused(cause),
  })

  const conclude = (exchange: Exchange, said: Said): void => {
    if (exchange.state !== 'forwarded') return
    if ('fault' in said) exchanges.fail(exchange, said.fault)
    else answer(exchange, said)
  }

  const receiveResponse = (response: RpcResponse): void => {
    const { id } = response
    if (own.answer(response) || id === undefined || changes.lost(id)) return
    const exchange = exchanges.find(id)
    const asked = requests.get(id)
    if (exchange?.state !== 'forwarded' || exchange.cancelled || asked === undefined)
      return events.serverMessagesDropped(1)
    if (questions.ask(exchange, asked.request, response)) return
    const { result, error } = sessionfulResponse(response)
    answer(exchange, error === undefined ? { result } : { error })
  }

  const receiveNotification = (
    { method, params }: RpcNotification,
    via: RequestId | undefined,
  ): AgentReply | undefined => {
    if (method === 'notifications/subscriptions/acknowledged') return undefined
    const token = params['progressToken']
    const isNamed = typeof token === 'string' || typeof token === 'number'
    const asked = via === undefined ? undefined : exchanges.find(via)
    const exchange = isNamed ? exchanges.findByProgress(token) : asked
    const data = JSON.stringify({ jsonrpc: '2.0', method, params })
    if (exchange?.state !== 'forwarded') return stream.write(data)
    if (method === 'notifications/progress') exchanges.touch(exchange)
    return exchange.reply.event({ event: 'message', data }) ? undefined : exchange.reply
  }

  const channel: Channel = openChannel(options, {
    onMessage(message, via) {
      if (message.kind === 'notification') return receiveNotification(message, via)
      if (message.kind === 'response') receiveResponse(message)
      else events.serverMessageMalformed(name)
      return undefined
    },
    onFault(id, fault) {
      const exchange = own.fail(id, fault) || changes.lost(id) ? undefined : exchanges.find(id)
      if (exchange?.state === 'forwarded') exchanges.fail(exchange, fault)
    },
    onGone(fault) {
      own.failAll(fault)
      exchanges.failAll(fault)
      options.observer.onGone()
    },
  })

  return {
    request(exchange, text, headers) {
      const request = parseMessage(text)
      if (request?.kind !== 'request') return
      const { method, params } = request
      const here = facts.answer(method, params)
      if (here !== undefined) return void here.then(said => conclude(exchange, said))
      requests.set(exchange.id, { request, headers: tracingOf(headers) })
      exchange.onOver.push(() => requests.delete(exchange.id))
      exchange.reply.openStreamWhenSlow()
      return send(request, { ...tracingOf(headers), ...callTokenIn(headers) })
    },
    notify(message) {
      if (message.kind === 'response') {
        if (!questions.answer(message)) events.responseUnasked()
      } else {
        const { method, params } = message
        const requestId = params['requestId']
        if (method === 'notifications/initialized') facts.start()
        const isId = typeof requestId === 'string' || typeof requestId === 'number'
        if (method === 'notifications/cancelled' && isId && requests.has(requestId)) leave(requestId)
      }
      return Promise.resolve(accepted)
    },
    tell(text, headers) {
      channel.send(text, headers)
      return Promise.resolve()
    },
    listen: reply => stream.open(reply),
    async end() {
      own.close({ kind: 'session_ended', detail: 'the MCP session ended before it answered' })
      await channel.end()
    },
  }
}

const discover = { kind: 'request', id: 0, method: 'server/discover', params: {} } as const

/** An engine that says no says why; one that does not is of another version. */
const unexplained: Refusal = {
  reason: 'ENGINE_UNAVAILABLE',
  message: 'The engine did not say why the call may not be sent once more.',
}
