import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'

/**
 * A `fetch` over Node's own HTTP, because the built-in one ends a stream that is silent for five minutes, and MCP's streams may be. Knows
 * what `sessionFetch` and the token endpoint need: texts as bodies, no redirects.
 */
export const createNodeFetch = (): { readonly fetch: typeof fetch; close(): void } => {
  const agents = {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true }),
  }
  return {
    fetch: async (input, init = {}) => {
      const url = new URL(input instanceof Request ? input.url : input)
      const { signal } = init
      const isTls = url.protocol === 'https:'
      const message = await new Promise<IncomingMessage>((resolve, reject) => {
        const outgoing = (isTls ? httpsRequest : httpRequest)(
          url,
          {
            method: init.method ?? 'GET',
            headers: Object.fromEntries(new Headers(init.headers)),
            agent: isTls ? agents.https : agents.http,
            ...(signal && { signal }),
          },
          resolve,
        )
        outgoing.once('error', cause => reject(new TypeError('fetch failed', { cause })))
        outgoing.end(typeof init.body === 'string' ? init.body : undefined)
      })
      return responseOf(message)
    },
    close: () => {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

const responseOf = (message: IncomingMessage): Response => {
  const status = message.statusCode ?? 502
  const headers = Object.entries(message.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  // Fetch, §2.2.3: these have no body.
  const isEmpty = [204, 205, 304].includes(status)
  if (isEmpty) message.resume()
  // Both have the same chunks; the two type libraries do not know each other.
  const body = isEmpty ? null : (Readable.toWeb(message) as unknown as ReadableStream<Uint8Array>)
  return new Response(body, { status, headers })
}
