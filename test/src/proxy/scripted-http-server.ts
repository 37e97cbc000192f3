import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

export interface ReceivedRequest {
  readonly method: string
  readonly headers: IncomingMessage['headers']
  /** Parsed, or `undefined` where there was none. */
  readonly message:
    | {
        readonly id?: number | string
        readonly method?: string
        readonly params?: { readonly arguments?: Readonly<Record<string, unknown>> }
      }
    | undefined
}

export type Answering = (request: ReceivedRequest, response: ServerResponse) => void

export interface ScriptedHttpServer {
  readonly url: string
  readonly requests: readonly ReceivedRequest[]
}

export const sendJson = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

/** A Streamable HTTP server that initializes as it should; what it answers to everything else is the test's. */
export const startScriptedServer = async (
  test: TestContext,
  answer: Answering,
): Promise<ScriptedHttpServer> => {
  const requests: ReceivedRequest[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.once('end', () => {
      const message = body === '' ? undefined : (JSON.parse(body) as ReceivedRequest['message'])
      const received = { method: request.method ?? '', headers: request.headers, message }
      requests.push(received)
      if (message?.method !== 'initialize') return answer(received, response)
      response.setHeader('mcp-session-id', 'own-session')
      sendJson(response, {
        jsonrpc: '2.0',
        id: message.id,
        result: {
          protocolVersion: '2025-11-25',
          capabilities: { tools: {} },
          serverInfo: { name: 'scripted', version: '1.0.0' },
        },
      })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  test.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, requests }
}
