import { callTokenOf, textWithCallToken, withCallToken } from '../../core/call-token.ts'
import type { Fault } from '../../core/fault.ts'
import { garbled } from '../../core/fault.ts'
import type { RequestId } from '../../core/json-rpc.ts'
import { ownMessageOf } from '../../core/own-message.ts'
import type { PipeServer } from '../../core/tool-server.ts'
import type { ProxyEvents } from '../../events.ts'
import type { AgentReply, ServerPipes } from '../../ports.ts'
import type { Vouch } from '../../session/vouch.ts'
import { parseMessage } from '../inspection.ts'
import type { ForwardedHeaders } from '../upstream.ts'
import type { Channel, ChannelListener } from './channel.ts'

export interface StdioChannelOptions {
  readonly name: string
  readonly server: PipeServer
  readonly children: ServerPipes
  readonly events: ProxyEvents
  readonly vouch: Vouch
}

const busy: Fault = { kind: 'overloaded', detail: 'it does not read what is sent to it; try again later' }

/** One child: all requests of a link share its pipe. */
export const openStdioChannel = (
  { name, server, children, events, vouch }: StdioChannelOptions,
  listener: ChannelListener,
): Channel => {
  let isPaused = false

  const waitFor = (reply: AgentReply): void => {
    if (isPaused) return
    isPaused = true
    child.pause()
    const goOn = (): void => {
      isPaused = false
      child.resume()
    }
    reply.onRoom(goOn)
    reply.onOver(goOn)
  }

  const child = children.start(name, server, {
    onLine(line) {
      const message = parseMessage(line)
      if (message === undefined) return events.serverMessageMalformed(name)
      const full = listener.onMessage(message, undefined)
      if (full !== undefined) waitFor(full)
    },
    onGarbled(line) {
      const message = parseMessage(line)
      if (message?.kind === 'response' && message.id !== undefined) listener.onFault(message.id, garbled)
      else events.serverMessageMalformed(name)
    },
    onGone: fault => listener.onGone(fault),
  })

  const write = (text: string, headers: ForwardedHeaders, id: RequestId | undefined): void => {
    const told = id === undefined ? text : textWithCallToken(text, headers)
    if (!child.send(told) && id !== undefined) listener.onFault(id, busy)
  }

  /** A request of the proxy's own waits for its token, and what comes after it for its turn. */
  let inTurn = Promise.resolve()
  let waiting = 0
  const writeInTurn = (text: string, headers: ForwardedHeaders, id: RequestId | undefined): void => {
    waiting += 1
    inTurn = inTurn.then(async () => {
      const callToken = isOwn(headers, id) ? await vouch(ownMessageOf(text)) : undefined
      waiting -= 1
      write(text, withCallToken(headers, callToken), id)
    })
  }

  return {
    send(text, headers, id) {
      if (isOwn(headers, id) || waiting > 0) writeInTurn(text, headers, id)
      else write(text, headers, id)
    },
    listen: () => undefined,
    hangUp: () => false,
    end: () => child.end(),
  }
}

const isOwn = (headers: ForwardedHeaders, id: RequestId | undefined): boolean =>
  id !== undefined && callTokenOf(headers) === undefined
