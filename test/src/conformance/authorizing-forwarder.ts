import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What outlives the one who asked for it. */
export interface Cleanup {
  after(listener: () => Promise<void> | void): void
}

/**
 * The suite has no way to send a token, and Cordon lets nobody in without. So something in front adds it, and changes
 * nothing else: host, origin and body are what the suite sends.
 * @returns where the suite has to turn to
 */
export const startAuthorizingForwarder = async (
  cleanup: Cleanup,
  target: string,
  token: string,
): Promise<string> => {
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${token}` }
    const forwarded = request(target, { method: incoming.method ?? 'GET', headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      // A stream begins before its first event.
      outgoing.flushHeaders()
      answer.pipe(outgoing)
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
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(target).pathname}`
}
