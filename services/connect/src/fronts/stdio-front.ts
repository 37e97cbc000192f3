import { type ClientMessage, readClientMessage } from '../core/mcp/client-message.ts'
import { unreadableAnswer } from '../core/mcp/rpc-error.ts'
import { statedVersion } from '../core/mcp/stateless-headers.ts'
import type { Upstream } from '../ports.ts'
import { createSessionfulClient } from './sessionful-client.ts'
import { createStatelessClient } from './stateless-client.ts'

/** What a client on standard streams is given; each is one line. */
export interface Output {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>
}

export interface FrontFaults {
  /** What was sent without waiting for an answer did not arrive. */
  readonly notificationLost: (error: unknown) => void
  /** The stream of what a server says by itself; it is opened again. */
  readonly streamLost: (error: unknown) => void
  /** It ends at once each time, and is not opened any more. */
  readonly streamGivenUp: () => void
  /** The server did not know its session any more; the client was introduced to it anew. */
  readonly reopened: () => void
}

/** An MCP client on standard streams, towards one tool server behind the proxy. */
export interface StdioFront {
  /** One line of its input. Resolves when the next one may be read: what has to arrive in its order has arrived. */
  take(line: string): Promise<void>
  /** Its input ended: nothing is waited for any more. */
  close(): Promise<void>
}

/** A client that just closed its end of the pipe may still read answers to what it asked. */
const lastAnswersMs = 1_000

export const createStdioFront = (options: {
  readonly server: string
  readonly upstream: Upstream
  readonly output: Output
  readonly faults: FrontFaults
}): StdioFront => {
  const closing = new AbortController()
  const open = new Set<Promise<void>>()
  const way = { ...options, closed: closing.signal }
  const sessionful = createSessionfulClient(way)
  const stateless = createStatelessClient(way)

  /** A client of the stateless era says so in its requests; its notifications need not. */
  const isStateless = (message: ClientMessage): boolean =>
    message.kind !== 'response' &&
    (statedVersion(message.params) !== undefined ||
      (stateless.isUsed() && !sessionful.isUsed() && message.method !== 'initialize'))

  const take = async (line: string): Promise<void> => {
    const message = readClientMessage(line)
    if (message === undefined) return options.output.write(unreadableAnswer())
    const done = isStateless(message) ? stateless.send(message) : sessionful.send(message)
    const tracked = done.finally(() => open.delete(tracked))
    open.add(tracked)
    // Calls run side by side; what changes how the next message is understood goes first.
    if (message.kind !== 'request' || message.method === 'initialize') await tracked
  }

  return {
    take,
    close: async () => {
      await Promise.race([Promise.all(open), timeout(lastAnswersMs)])
      closing.abort()
      await sessionful.close()
    },
  }
}

const timeout = (ms: number): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve, ms).unref()
  })
