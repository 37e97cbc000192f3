import type { HttpServers, ServerPipes } from '../ports.ts'
import { openSsePipe } from './sse-pipe.ts'
import type { StdioChildren } from './stdio-children.ts'

export interface ServerPipesOptions {
  readonly children: StdioChildren
  readonly httpServers: HttpServers
  readonly maxMessageBytes: number
}

/** Both kinds of tool servers that are a pipe to the proxy. */
export const createServerPipes = ({
  children,
  httpServers,
  maxMessageBytes,
}: ServerPipesOptions): ServerPipes => ({
  start: (name, server, listener) =>
    server.transport === 'stdio'
      ? children.start(name, server, listener)
      : openSsePipe(server, listener, { servers: httpServers, maxWaitingBytes: maxMessageBytes }),
})
