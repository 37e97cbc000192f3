import { createServer } from 'node:net'

import type { SessionId } from '@cordon/foundation'

import type { AdmitAnswer, AuthorizeAnswer, VouchAnswer } from './answer.ts'
import { defaultMaxFrameBytes } from './frame-encoder.ts'
import type { AdmitRequest, AuthorizeRequest, OutcomeReport, VouchRequest } from './messages.ts'
import type { ServerConnection } from './server-connection.ts'
import { serveConnection } from './server-connection.ts'
import { listenOnSocketFile } from './socket-file.ts'

export type EngineServerEvent =
  | { readonly type: 'connected' | 'disconnected' }
  /** The peer does not speak the protocol; its connection is closed. */
  | { readonly type: 'peer-broken'; readonly error: unknown }
  /** A handler rejected or threw; the caller was refused with `ENGINE_UNAVAILABLE`. */
  | { readonly type: 'handler-failed'; readonly error: unknown }
  /** A peer that does not read was not told that a session changed; it finds out when it looks. */
  | { readonly type: 'notice-dropped' }

/** How a call was written, which its parsed arguments do not say any more. */
export interface WrittenCall {
  /** What it came with, or would have. */
  readonly bytes: number
  /** Some number in it is another one as a double; see `hasInexactNumber`. */
  readonly isInexact: boolean
}

export interface EngineServerHandlers {
  readonly onAuthorize: (request: AuthorizeRequest, written: WrittenCall) => Promise<AuthorizeAnswer>
  readonly onAdmit: (request: AdmitRequest) => Promise<AdmitAnswer>
  readonly onVouch: (request: VouchRequest) => Promise<VouchAnswer>
  readonly onOutcome: (report: OutcomeReport) => void
  readonly onEvent?: (event: EngineServerEvent) => void
}

export interface EngineServerOptions extends EngineServerHandlers {
  readonly socketPath: string
  /** Per connection; the connection is not read while so many are open. Default 256: more than a proxy has calls in flight. */
  readonly maxOpenRequests?: number
  /** Default 64: proxies of one machine, with room for those that reconnect. */
  readonly maxConnections?: number
  /** Default 1 MiB and 64 KiB; a larger frame closes the connection. */
  readonly maxFrameBytes?: number
}

export interface EngineServer {
  /** To every peer that follows: this session may not go on as it did, or, without one, any of them. */
  tellChanged(sessionId?: SessionId): void
  /** Takes no new requests, answers the open ones, then closes every connection and removes the socket file. */
  close(): Promise<void>
}

/** Listens for enforcement points. @throws EngineSocketError `SOCKET_IN_USE`, `SOCKET_PATH_INVALID` */
export const createEngineServer = async ({
  socketPath,
  maxOpenRequests = 256,
  maxConnections = 64,
  maxFrameBytes = defaultMaxFrameBytes,
  ...handlers
}: EngineServerOptions): Promise<EngineServer> => {
  const connections = new Set<ServerConnection>()
  const server = createServer(socket => {
    const connection = serveConnection(socket, handlers, { maxOpenRequests, maxFrameBytes })
    connections.add(connection)
    handlers.onEvent?.({ type: 'connected' })
    socket.once('close', () => {
      connections.delete(connection)
      handlers.onEvent?.({ type: 'disconnected' })
    })
  })
  server.maxConnections = maxConnections
  await listenOnSocketFile(server, socketPath)

  return {
    tellChanged(sessionId) {
      for (const connection of connections)
        if (!connection.tell({ type: 'changed', ...(sessionId !== undefined && { sessionId }) }))
          handlers.onEvent?.({ type: 'notice-dropped' })
    },
    async close() {
      const stopped = new Promise<void>(resolve => {
        server.close(() => resolve())
      })
      await Promise.all([...connections].map(connection => connection.drain()))
      await stopped
    },
  }
}
