import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Cleanup } from './cleanup.ts'
import { type Holder, sequenceOf } from './proving-fetch.ts'

/**
 * Something between a client that cannot prove anything and the proxy: it adds token and proof, and asks again where the engine
 * wants another nonce. All else passes as it is.
 * @returns its URL
 */
export const startProvingForwarder = async (
  cleanup: Cleanup,
  target: string,
  holder: Holder,
  token: string,
): Promise<string> => {
  const server = createServer((incoming, outgoing) => {
    const send = (body: Buffer, sequence?: number): void => {
      const { method = 'GET' } = incoming
      const proven = holder.prove({
        token,
        method,
        url: target,
        body: messageOf(body),
        ...(sequence !== undefined && { sequence }),
      })
      const forwarded = request(target, { method, headers: { ...incoming.headers, ...proven } }, answer => {
        holder.heard(singleOf(answer, 'dpop-nonce'))
        if (sequence === undefined && isNonceAsked(answer)) {
          answer.resume()
          return send(body, sequenceOf(proven['dpop'] ?? ''))
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        // A stream begins before its first event.
        outgoing.flushHeaders()
        answer.pipe(outgoing)
        answer.once('error', () => outgoing.destroy())
      })
      forwarded.once('error', () => outgoing.destroy())
      outgoing.once('close', () => forwarded.destroy())
      forwarded.end(body)
    }
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.once('end', () => send(Buffer.concat(chunks)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanup.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}${new URL(target).pathname}`
}

const singleOf = ({ headers }: IncomingMessage, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

const isNonceAsked = (answer: IncomingMessage): boolean =>
  answer.statusCode === 401 && /error="use_dpop_nonce"/.test(singleOf(answer, 'www-authenticate') ?? '')

/** A suite also sends what is no message: that proves nothing, and is turned away. */
const messageOf = (body: Buffer): string | undefined => {
  const text = body.toString('utf8')
  try {
    const message: unknown = JSON.parse(text)
    return typeof message === 'object' && message !== null && !Array.isArray(message) ? text : undefined
  } catch {
    return undefined
  }
}
