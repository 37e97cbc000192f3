import { accepted, reject } from '../core/answer.ts'
import { textWithCallToken } from '../core/call-token.ts'
import { createBacklog } from '../core/backlog.ts'
import { errorCode } from '../core/error-code.ts'
import type { Fault } from '../core/fault.ts'
import { garbled } from '../core/fault.ts'
import type { RpcMessage } from '../core/json-rpc.ts'
import { routeOf } from '../core/message-route.ts'
import type { PipeServer } from '../core/tool-server.ts'
import type { ProxyEvents } from '../events.ts'
import type { AgentReply, ServerPipes, Timers } from '../ports.ts'
import { finishReply } from '../session/finish-reply.ts'
import type { Exchanges } from '../session/exchanges.ts'
import { parseMessage } from './inspection.ts'
import { createServerMessages } from './server-messages.ts'
import type { Upstream, UpstreamObserver } from './upstream.ts'

export interface StdioUpstreamOptions {
  readonly name: string
  readonly server: PipeServer
  readonly children: ServerPipes
  readonly exchanges: Exchanges
  readonly observer: UpstreamObserver
  readonly events: ProxyEvents
  readonly timers: Timers
  readonly callTimeoutMs: number
}

/** What a server may say between `initialize` and the agent's stream, or while that is being opened again. */
const maxBacklogMessages = 256
const maxBacklogCharacters = 1024 * 1024

const busy: Fault = { kind: 'overloaded', detail: 'it does not read what is sent to it; try again later' }

/**
 * A child of its own for one MCP session, whose pipe is taken apart into the streams of Streamable HTTP. Answers find
 * their request by its id, so none waits for another. Streams cannot be resumed: no event has an id, so no agent tries.
 */
export const openStdioUpstream = (options: StdioUpstreamOptions): Upstream => {
  const { name, exchanges, events } = options
  const backlog = createBacklog(maxBacklogMessages, maxBacklogCharacters)
  let listener: AgentReply | undefined
  let gone: Fault | undefined
  let waiting = false

  /** A stream whose agent does not read stops the child, rather than filling the memory. */
  const waitFor = (reply: AgentReply): void => {
    if (waiting) return
    waiting = true
    child.pause()
    const goOn = (): void => {
      waiting = false
      child.resume()
    }
    reply.onRoom(goOn)
    reply.onOver(goOn)
  }

  const write = (reply: AgentReply, data: string): void => {
    if (!reply.event({ event: 'message', data })) waitFor(reply)
  }

  const sendToAgent = (text: string): void => {
    const reply = listener ?? exchanges.newest()?.reply
    if (reply !== undefined && reply.state !== 'over') return write(reply, text)
    events.serverMessagesDropped(backlog.add(text))
  }

  const messages = createServerMessages({ ...options, answer: text => void child.send(text) })

  const deliver = (message: RpcMessage, text: string): void => {
    if (message.kind !== 'response' && !messages.passes(message)) return
    const route = routeOf(message)
    switch (route.to) {
      case 'request': {
        const exchange = exchanges.find(route.id)
        // Answered before, given up, or never asked.
        if (exchange?.state !== 'forwarded' || message.kind !== 'response')
          return events.serverMessagesDropped(1)
        return finishReply(exchange.reply, exchanges.conclude(exchange, message, text))
      }
      case 'progress': {
        const exchange = exchanges.findByProgress(route.token)
        if (exchange === undefined) return sendToAgent(text)
        exchanges.touch(exchange)
        return write(exchange.reply, text)
      }
      case 'agent':
        return sendToAgent(text)
      case 'nobody':
        return events.serverMessagesDropped(1)
    }
  }

  const child = options.children.start(name, options.server, {
    onLine(line) {
      const message = parseMessage(line)
      if (message === undefined) events.serverMessageMalformed(name)
      else deliver(message, line)
    },
    onGarbled(line) {
      const message = parseMessage(line)
      const id = message?.kind === 'response' ? message.id : undefined
      const exchange = id === undefined ? undefined : exchanges.find(id)
      if (exchange?.state === 'forwarded') exchanges.fail(exchange, garbled)
      else events.serverMessageMalformed(name)
    },
    onGone(fault) {
      gone = fault
      exchanges.failAll(fault)
      listener?.end()
      options.observer.onGone()
    },
  })

  return {
    request(exchange, text, headers) {
      if (gone !== undefined) return exchanges.fail(exchange, gone)
      if (!child.send(textWithCallToken(text, headers))) return exchanges.fail(exchange, busy)
      exchange.reply.openStreamWhenSlow()
    },
    notify(message, text) {
      const isUnasked = message.kind === 'response' && !messages.settles(message)
      return Promise.resolve(isUnasked || child.send(text) ? accepted : tooBusy)
    },
    tell(text, headers) {
      child.send(textWithCallToken(text, headers))
      return Promise.resolve()
    },
    listen(reply) {
      if (listener !== undefined && listener.state !== 'over') return reply.answer(streamTaken)
      listener = reply
      reply.openStream()
      for (const text of backlog.take()) write(reply, text)
    },
    async end() {
      listener?.end()
      await child.end()
    },
  }
}

const streamTaken = reject({
  status: 409,
  cause: 'stream_taken',
  code: errorCode.badRequest,
  message: 'expected one stream for server messages per MCP session, got a second one',
})

const tooBusy = reject({
  status: 503,
  cause: 'overloaded',
  code: errorCode.overloaded,
  message: 'The tool server does not read what is sent to it; try again later.',
})
