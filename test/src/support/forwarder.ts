import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Cleanup } from './cleanup.ts'

/** Something between a client and a server that changes nothing but what it was told to. */
export interface Forwarder {
  readonly url: string
  /** Breaks every connection that is open, as a network does. */
  readonly cut: () => void
}

/** @param headers added to each request */
export const startForwarder = async (
  cleanup: Cleanup,
  target: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Forwarder> => {
  const server = createServer((incoming, outgoing) => {
    const options = { method: incoming.method ?? 'GET', headers: { ...incoming.headers, ...headers } }
    const forwarded = request(target, options, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      // A stream begins before its first event.
      outgoing.flushHeaders()
      answer.pipe(outgoing)
      answer.once('error', () => outgoing.destroy())
    })
    forwarded.once('error', () => outgoing.destroy())
    outgoing.once('close', () => forwarded.destroy())
    incoming.pipe(forwarded)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanup.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${new URL(target).pathname}`,
    cut: () => server.closeAllConnections(),
  }
}
