import { createStreamPace } from '@cordon/framing'

import type { Fault } from '../../core/fault.ts'
import type { RequestId } from '../../core/json-rpc.ts'
import type { HttpServer } from '../../core/tool-server.ts'
import { meaningOf } from '../../core/upstream-status.ts'
import type { ProxyEvents } from '../../events.ts'
import type { HttpAnswer, HttpExchange, HttpServers, Timers } from '../../ports.ts'
import { parseMessage } from '../inspection.ts'
import type { ForwardedHeaders } from '../upstream.ts'
import type { Channel, ChannelListener } from './channel.ts'
import type { StreamEnd } from './event-messages.ts'
import { readEventMessages } from './event-messages.ts'

export interface HttpChannelOptions {
  readonly name: string
  readonly server: HttpServer
  readonly servers: HttpServers
  readonly timers: Timers
  readonly events: ProxyEvents
}

/** For what a server only has to take note of. */
const briefTimeoutMs = 30_000
/** Nobody waits for the end of a session but a drain. */
const endTimeoutMs = 2_000

const noAnswer: Fault = { kind: 'malformed', detail: 'expected a response, got an answer without one' }

/** One request of HTTP for each message; under the server's own session id, where it gives one. */
export const openHttpChannel = (
  { name, server, servers, timers, events }: HttpChannelOptions,
  listener: ChannelListener,
): Channel => {
  const open = new Map<RequestId, HttpExchange>()
  let stream: HttpExchange | undefined
  let streamHeaders: ForwardedHeaders = {}
  let sessionHeaders: ForwardedHeaders = {}
  const pace = createStreamPace()
  let ended = false

  const post = (text: string, headers: ForwardedHeaders, timeoutMs?: number): HttpExchange =>
    servers.send({
      server,
      method: 'POST',
      headers: {
        ...headers,
        ...sessionHeaders,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: text,
      ...(timeoutMs !== undefined && { timeoutMs }),
    })

  /** A server with sessions may end a stream and go on with it on another one (MCP 2025-11-25, resumability). */
  const takeUp = (
    via: RequestId | undefined,
    { lastId, retryMs, isEmpty }: StreamEnd,
    since: number,
  ): void => {
    const { waitMs, isHopeless } = pace.after({ retryMs, isEmpty, lastedMs: timers.now() - since })
    // Whoever asks for an answer waits no longer than its call may take.
    if (via === undefined && isHopeless) return events.serverStreamGivenUp(name)
    const resumed = lastId === undefined ? {} : { 'last-event-id': lastId }
    timers.after(waitMs, () => {
      if (ended || (via !== undefined && !open.has(via))) return
      const call = get(resumed)
      if (via === undefined) return void follow(call)
      open.set(via, call)
      void ask(call, via)
    })
  }

  const receiveEvents = (answer: HttpAnswer, via: RequestId | undefined): void => {
    const since = timers.now()
    let isAnswered = false
    readEventMessages(answer, {
      take(message) {
        isAnswered ||= message.kind === 'response' && message.id === via
        return listener.onMessage(message, via)
      },
      malformed: () => events.serverMessageMalformed(name),
      over(end) {
        if (via === undefined) return takeUp(via, end, since)
        const canResume = end.lastId !== undefined && end.fault?.kind !== 'malformed'
        if (!isAnswered && canResume && open.has(via)) return takeUp(via, end, since)
        open.delete(via)
        if (!isAnswered) listener.onFault(via, end.fault ?? noAnswer)
      },
    })
  }

  /** A JSON-RPC error is an answer, whatever the status says; nothing else is, unless it says that all is well. */
  const receiveText = async (answer: HttpAnswer, via: RequestId): Promise<void> => {
    const text = await answer.text()
    open.delete(via)
    const message = typeof text === 'string' ? parseMessage(text) : undefined
    if (message?.kind === 'response' && message.id === via) return void listener.onMessage(message, via)
    const meaning = meaningOf(answer.status)
    if (meaning.kind === 'session-gone' && 'mcp-session-id' in sessionHeaders) {
      return listener.onGone({ kind: 'failed', detail: 'it forgot the session; ask again' })
    }
    if (meaning.kind === 'fault') return listener.onFault(via, meaning.fault)
    if (typeof text !== 'string') return listener.onFault(via, text)
    const status = { kind: 'failed', detail: `expected an answer, got status ${answer.status}` } as const
    return listener.onFault(via, meaning.kind === 'ok' ? noAnswer : status)
  }

  const receive = (answer: HttpAnswer, via: RequestId): Promise<void> | void => {
    if (answer.mcpSessionId !== undefined) sessionHeaders = { 'mcp-session-id': answer.mcpSessionId }
    const isStream = meaningOf(answer.status).kind === 'ok' && answer.mediaType === 'text/event-stream'
    return isStream ? receiveEvents(answer, via) : receiveText(answer, via)
  }

  const ask = async (call: HttpExchange, id: RequestId): Promise<void> => {
    const answer = await call.answer
    // Hung up: the fault is that there is no connection any more.
    if (open.get(id) !== call) return
    if ('status' in answer) return receive(answer, id)
    open.delete(id)
    return listener.onFault(id, answer)
  }

  const get = (headers: ForwardedHeaders): HttpExchange =>
    servers.send({
      server,
      method: 'GET',
      headers: { ...streamHeaders, ...headers, ...sessionHeaders, accept: 'text/event-stream' },
      timeoutMs: briefTimeoutMs,
    })

  /** A server that says nothing of its own accord has no such stream (405). */
  const follow = async (call: HttpExchange): Promise<void> => {
    stream = call
    const answer = await call.answer
    if (!('status' in answer)) return
    if (answer.status === 200 && answer.mediaType === 'text/event-stream') receiveEvents(answer, undefined)
    else answer.discard()
  }

  const tell = async ({ answer }: HttpExchange): Promise<void> => {
    const head = await answer
    if ('status' in head) head.discard()
  }

  return {
    send(text, headers, id) {
      // A stream that would be asked for again, or a question given up, after the session: nobody would ever close what that opens.
      if (ended) return
      if (id === undefined) return void tell(post(text, headers, briefTimeoutMs))
      const call = post(text, headers)
      open.set(id, call)
      void ask(call, id)
    },
    listen(headers) {
      if (ended) return
      streamHeaders = headers
      void follow(get({}))
    },
    hangUp(id) {
      open.get(id)?.abort()
      return open.delete(id)
    },
    async end() {
      ended = true
      stream?.abort()
      for (const call of open.values()) call.abort()
      open.clear()
      if (!('mcp-session-id' in sessionHeaders)) return
      const answer = await servers.send({
        server,
        method: 'DELETE',
        headers: sessionHeaders,
        timeoutMs: endTimeoutMs,
      }).answer
      if ('status' in answer) answer.discard()
    },
  }
}
