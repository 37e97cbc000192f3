import type { Answer } from '../core/answer.ts'
import { accepted, jsonAnswer, reject } from '../core/answer.ts'
import { errorCode } from '../core/error-code.ts'
import type { Fault } from '../core/fault.ts'
import { faultText } from '../core/fault.ts'
import type { HttpServer } from '../core/tool-server.ts'
import { meaningOf } from '../core/upstream-status.ts'
import type { ProxyEvents } from '../events.ts'
import type { AgentReply, HttpAnswer, HttpCall, HttpExchange, HttpServers, Timers } from '../ports.ts'
import type { Exchange } from '../session/exchange.ts'
import type { Exchanges } from '../session/exchanges.ts'
import type { Inspection } from './inspection.ts'
import { receiveJson } from './receive-json.ts'
import { receiveStream } from './receive-stream.ts'
import { createServerMessages } from './server-messages.ts'
import type { ForwardedHeaders, Upstream, UpstreamObserver } from './upstream.ts'

export interface HttpUpstreamOptions {
  readonly name: string
  readonly server: HttpServer
  readonly servers: HttpServers
  readonly exchanges: Exchanges
  readonly observer: UpstreamObserver
  readonly events: ProxyEvents
  readonly timers: Timers
  readonly callTimeoutMs: number
}

/** For what a server only has to take note of. */
const briefTimeoutMs = 30_000
/** In the agent's place, one after the other: a server that floods is not flooded back. */
const maxWaitingAnswers = 1_024
/** Nobody waits for the end of a session but a drain. */
const endTimeoutMs = 2_000

/** A Streamable HTTP server: requests and answers one to one, under the server's own session id, streams as they come. */
export const openHttpUpstream = (options: HttpUpstreamOptions): Upstream => {
  const { name, server, servers, exchanges, observer, events } = options
  const streams = new Set<HttpExchange>()
  let upstreamSession: ForwardedHeaders = {}
  let waitingAnswers = 0
  let answered = Promise.resolve()

  const send = (call: Omit<HttpCall, 'server'>): HttpExchange =>
    servers.send({ ...call, server, headers: { ...call.headers, ...upstreamSession } })

  const post = (body: string, headers: ForwardedHeaders): Omit<HttpCall, 'server'> => ({
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body,
  })

  const tell = async (text: string, headers: ForwardedHeaders): Promise<void> => {
    const answer = await send({ ...post(text, headers), timeoutMs: briefTimeoutMs }).answer
    if ('status' in answer) answer.discard()
  }

  const answerServer = (text: string): void => {
    if (waitingAnswers >= maxWaitingAnswers) return
    waitingAnswers += 1
    answered = answered.then(async () => {
      await tell(text, {})
      waitingAnswers -= 1
    })
  }

  const messages = createServerMessages({ ...options, answer: answerServer })
  const inspection: Inspection = { name, exchanges, messages, events }

  const refuse = (fault: Fault): Answer => {
    events.upstreamFailed(name, fault)
    return jsonAnswer(502, faultText(null, name, fault))
  }

  /** What another status than 2xx becomes for the agent. */
  const turnedAway = async (answer: HttpAnswer): Promise<Answer | Fault> => {
    const meaning = meaningOf(answer.status)
    if (meaning.kind === 'pass') {
      const text = await answer.text(briefTimeoutMs)
      if (typeof text !== 'string') return text
      return {
        status: answer.status,
        headers: { 'content-type': answer.mediaType || 'text/plain' },
        body: text,
      }
    }
    answer.discard()
    if (meaning.kind === 'session-gone') return sessionGone
    return meaning.kind === 'fault' ? meaning.fault : accepted
  }

  /** After the agent was told: the end of the MCP session would answer in its own words. */
  const endWhereGone = (turned: Answer | Fault): void => {
    if (turned === sessionGone) observer.onGone()
  }

  const receive = async (exchange: Exchange, answer: HttpAnswer, call: HttpExchange): Promise<void> => {
    if (exchange.state === 'over') return answer.discard()
    if (answer.status >= 200 && answer.status < 300) {
      if (exchange.method === 'initialize' && answer.mcpSessionId !== undefined) {
        upstreamSession = { 'mcp-session-id': answer.mcpSessionId }
      }
      if (answer.mediaType === 'text/event-stream')
        return receiveStream({ reply: exchange.reply, exchange, answer, call, inspection })
      if (answer.mediaType === 'application/json') return receiveJson(exchange, answer, inspection)
      answer.discard()
      const detail = 'expected JSON or an event stream, got another media type'
      return exchanges.fail(exchange, { kind: 'malformed', detail })
    }
    const turned = await turnedAway(answer)
    if ('kind' in turned) return exchanges.fail(exchange, turned)
    exchange.reply.answer(turned)
    exchanges.drop(exchange, 'error')
    endWhereGone(turned)
  }

  const listen = async (reply: AgentReply, call: HttpExchange): Promise<void> => {
    const answer = await call.answer
    if (!('status' in answer)) return reply.answer(refuse(answer))
    if (meaningOf(answer.status).kind === 'ok' && answer.mediaType === 'text/event-stream') {
      return receiveStream({ reply, answer, call, inspection })
    }
    const turned = await turnedAway(answer)
    reply.answer('kind' in turned ? refuse(turned) : turned)
    endWhereGone(turned)
  }

  return {
    request(exchange, text, headers) {
      const call = send(post(text, headers))
      let answered: HttpAnswer | undefined
      // What the server still says is read for nobody; where it has said nothing, there is nothing to wait for. It may have
      // given its response on another stream: whoever asked here would wait for ever.
      exchange.onOver.push(() => {
        if (answered !== undefined) return answered.discard()
        call.abort()
        exchange.reply.end()
      })
      void call.answer.then(answer => {
        if (!('status' in answer)) return exchanges.fail(exchange, answer)
        answered = answer
        return receive(exchange, answer, call)
      })
    },
    async notify(message, text, headers) {
      if (message.kind === 'response' && !messages.settles(message)) return accepted
      const answer = await send({ ...post(text, headers), timeoutMs: briefTimeoutMs }).answer
      if (!('status' in answer)) return refuse(answer)
      const turned = await turnedAway(answer)
      endWhereGone(turned)
      return 'kind' in turned ? refuse(turned) : turned
    },
    tell,
    listen(reply, headers) {
      const call = send({
        method: 'GET',
        headers: { ...headers, accept: 'text/event-stream' },
        timeoutMs: briefTimeoutMs,
      })
      streams.add(call)
      reply.onOver(() => {
        streams.delete(call)
        call.abort()
      })
      void listen(reply, call)
    },
    async end() {
      for (const stream of streams) stream.abort()
      if (upstreamSession['mcp-session-id'] === undefined) return
      const answer = await send({ method: 'DELETE', headers: {}, timeoutMs: endTimeoutMs }).answer
      if ('status' in answer) answer.discard()
    },
  }
}

const sessionGone = reject({
  status: 404,
  cause: 'session_unknown',
  code: errorCode.sessionNotFound,
  message: 'The tool server does not know this MCP session any more; initialize again.',
})
