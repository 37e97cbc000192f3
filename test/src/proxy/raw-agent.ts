import { request as httpRequest } from 'node:http'
import type { TestContext } from 'node:test'

import { connectOverHttp } from './agent.ts'
import { openProxyWorld } from './proxy-world.ts'
import type { ProxyWorld } from './proxy-world.ts'
import { sendJson, startScriptedServer } from './scripted-http-server.ts'

/** A request that a test makes by hand. */
export interface Asked {
  readonly method?: string
  readonly path?: string
  /** Several values: the header comes several times. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>
  readonly body?: string | Buffer
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

export const ping: string = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })

/** As an agent asks that does everything right, but for what a test says. */
export const ask = (
  world: ProxyWorld,
  { method = 'POST', path = '/mcp/scripted', headers, body }: Asked,
): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const all: Record<string, string | string[] | undefined> = {
      authorization: 'DPoP alice',
      dpop: 'proof',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...headers,
    }
    const given = Object.fromEntries(
      Object.entries(all).filter(([, value]) => value !== undefined),
    ) as Record<string, string | string[]>
    const request = httpRequest({
      host: '127.0.0.1',
      port: world.proxy.port,
      method,
      path,
      headers: given,
      agent: false,
    })
    request.once('error', reject)
    request.once('response', response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      )
    })
    request.end(body ?? (method === 'POST' ? ping : undefined))
  })

/** A proxy before a server that answers everything, and an MCP session there. */
export const openRawAgent = async (
  test: TestContext,
  options: Parameters<typeof openProxyWorld>[2] = {},
): Promise<ProxyWorld & { readonly mcpSessionId: string }> => {
  const server = await startScriptedServer(test, ({ message, method }, response) => {
    if (message?.id !== undefined) return sendJson(response, { jsonrpc: '2.0', id: message.id, result: {} })
    response.writeHead(method === 'POST' ? 202 : 405).end()
  })
  const world = await openProxyWorld(
    test,
    { scripted: { transport: 'http', url: server.url, headers: {} } },
    options,
  )
  const { http } = await connectOverHttp(test, world.urlOf('scripted'), 'alice')
  return { ...world, mcpSessionId: http!.sessionId! }
}
