import type { Fault } from '../../core/fault.ts'
import type { RequestId } from '../../core/json-rpc.ts'
import type { HttpServer } from '../../core/tool-server.ts'
import { meaningOf } from '../../core/upstream-status.ts'
import type { ProxyEvents } from '../../events.ts'
import type { HttpAnswer, HttpExchange, HttpServers } from '../../ports.ts'
import { parseMessage } from '../inspection.ts'
import type { ForwardedHeaders } from '../upstream.ts'
import type { Channel, ChannelListener } from './channel.ts'

export interface HttpChannelOptions {
  readonly name: string
  readonly server: HttpServer
  readonly servers: HttpServers
  readonly events: ProxyEvents
}

/** For what a server only has to take note of. */
const briefTimeoutMs = 30_000
/** Nobody waits for the end of a session but a drain. */
const endTimeoutMs = 2_000

const noAnswer: Fault = { kind: 'malformed', detail: 'expected a response, got an answer without one' }

/** One request of HTTP for each message; under the server's own session id, where it gives one. */
export const openHttpChannel = (
  { name, server, servers, events }: HttpChannelOptions,
  listener: ChannelListener,
): Channel => {
  const open = new Map<RequestId, HttpExchange>()
  let stream: HttpExchange | undefined
  let sessionHeaders: ForwardedHeaders = {}

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

  const receiveEvents = (answer: HttpAnswer, via: RequestId | undefined): void => {
    let isAnswered = false
    const goOn = (): void => answer.resume()
    answer.events({
      take({ data }) {
        if (data === '') return true
        const message = parseMessage(data)
        if (message === undefined) {
          events.serverMessageMalformed(name)
          return true
        }
        isAnswered ||= message.kind === 'response' && message.id === via
        const full = listener.onMessage(message, via)
        full?.onRoom(goOn)
        full?.onOver(goOn)
        return full === undefined
      },
      over(fault) {
        if (via === undefined) return
        open.delete(via)
        if (!isAnswered) listener.onFault(via, fault ?? noAnswer)
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

  const tell = async ({ answer }: HttpExchange): Promise<void> => {
    const head = await answer
    if ('status' in head) head.discard()
  }

  return {
    send(text, headers, id) {
      if (id === undefined) return void tell(post(text, headers, briefTimeoutMs))
      const call = post(text, headers)
      open.set(id, call)
      void ask(call, id)
    },
    listen(headers) {
      stream = servers.send({
        server,
        method: 'GET',
        headers: { ...headers, ...sessionHeaders, accept: 'text/event-stream' },
        timeoutMs: briefTimeoutMs,
      })
      void stream.answer.then(answer => {
        if (!('status' in answer)) return
        // A server that says nothing of its own accord has no such stream (405).
        if (answer.status === 200 && answer.mediaType === 'text/event-stream')
          receiveEvents(answer, undefined)
        else answer.discard()
      })
    },
    hangUp(id) {
      open.get(id)?.abort()
      return open.delete(id)
    },
    async end() {
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
