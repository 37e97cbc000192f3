import { type IncomingMessage, request as httpRequest } from 'node:http'

import { headersToClient } from '../core/mcp/passed-headers.ts'
import type { Upstream } from '../ports.ts'

/** The way through the process that holds the session: the same requests, over its Unix socket. */
export interface SocketUpstream extends Upstream {
  /** Whether a request failed before the holder had read it. */
  wasUnsent(error: unknown): boolean
}

export const createSocketUpstream = (socketPath: string): SocketUpstream => {
  const unsent = new WeakSet<object>()
  return {
    wasUnsent: error => typeof error === 'object' && error !== null && unsent.has(error),
    send: async ({ server, method, headers, body, signal }) => {
      const isPost = body !== undefined
      const message = await new Promise<IncomingMessage>((resolve, reject) => {
        // A process that was killed takes connections for a moment more; one that lives says so before it gets to see the body.
        let isAwaited = true
        const outgoing = httpRequest(
          {
            socketPath,
            path: `/mcp/${server}`,
            method,
            signal,
            agent: false,
            headers: {
              ...headers,
              host: 'localhost',
              ...(isPost && { expect: '100-continue', 'content-length': Buffer.byteLength(body) }),
            },
          },
          resolve,
        )
        outgoing.once('error', error => {
          // What has no body changes nothing when it comes twice.
          if (isAwaited) unsent.add(error)
          reject(error)
        })
        if (!isPost) return outgoing.end()
        outgoing.once('continue', () => {
          isAwaited = false
          outgoing.end(body)
        })
        return outgoing.flushHeaders()
      })
      return {
        status: message.statusCode ?? 502,
        headers: headersToClient(message.headers),
        body: message as AsyncIterable<Uint8Array>,
      }
    },
  }
}
