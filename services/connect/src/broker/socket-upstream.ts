import { type IncomingMessage, request as httpRequest } from 'node:http'

import { headersToClient } from '../core/mcp/passed-headers.ts'
import type { Upstream } from '../ports.ts'

/** The way through the process that holds the session: the same requests, over its Unix socket. */
export const createSocketUpstream = (socketPath: string): Upstream => ({
  send: async ({ server, method, headers, body, signal }) => {
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = httpRequest(
        {
          socketPath,
          path: `/mcp/${server}`,
          method,
          headers: { ...headers, host: 'localhost' },
          signal,
          agent: false,
        },
        resolve,
      )
      outgoing.once('error', reject)
      outgoing.end(body)
    })
    return {
      status: message.statusCode ?? 502,
      headers: headersToClient(message.headers),
      body: message as AsyncIterable<Uint8Array>,
    }
  },
})
