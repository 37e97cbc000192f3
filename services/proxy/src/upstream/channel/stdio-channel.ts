import type { Fault } from '../../core/fault.ts'
import { garbled } from '../../core/fault.ts'
import type { PipeServer } from '../../core/tool-server.ts'
import type { ProxyEvents } from '../../events.ts'
import type { AgentReply, ServerPipes } from '../../ports.ts'
import { parseMessage } from '../inspection.ts'
import type { Channel, ChannelListener } from './channel.ts'

export interface StdioChannelOptions {
  readonly name: string
  readonly server: PipeServer
  readonly children: ServerPipes
  readonly events: ProxyEvents
}

const busy: Fault = { kind: 'overloaded', detail: 'it does not read what is sent to it; try again later' }

/** One child: all requests of a link share its pipe. */
export const openStdioChannel = (
  { name, server, children, events }: StdioChannelOptions,
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

  return {
    send(text, _headers, id) {
      if (!child.send(text) && id !== undefined) listener.onFault(id, busy)
    },
    listen: () => undefined,
    hangUp: () => false,
    end: () => child.end(),
  }
}
