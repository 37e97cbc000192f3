import type { ToolServer } from '../../core/tool-server.ts'
import type { ProxyEvents } from '../../events.ts'
import type { HttpServers, ServerPipes, Timers } from '../../ports.ts'
import type { Channel, ChannelListener } from './channel.ts'
import { openHttpChannel } from './http-channel.ts'
import { openStdioChannel } from './stdio-channel.ts'

export interface ChannelOptions {
  readonly name: string
  readonly server: ToolServer
  readonly children: ServerPipes
  readonly httpServers: HttpServers
  readonly timers: Timers
  readonly events: ProxyEvents
}

export const openChannel = (
  { name, server, children, httpServers, timers, events }: ChannelOptions,
  listener: ChannelListener,
): Channel =>
  server.transport === 'http'
    ? openHttpChannel({ name, server, servers: httpServers, timers, events }, listener)
    : openStdioChannel({ name, server, children, events }, listener)
