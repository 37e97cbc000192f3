import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { CordonError } from '@cordon/foundation'

import { readBody } from '../adapters/request-body.ts'
import { readClientMessage } from '../core/mcp/client-message.ts'
import { headersToProxy } from '../core/mcp/passed-headers.ts'
import { errorAnswer } from '../core/mcp/rpc-error.ts'
import type { Upstream, UpstreamAnswer } from '../ports.ts'

/** What a server in front of an `Upstream` answers: `/mcp/<server>`, with POST, GET and DELETE, as the proxy would. */
export type Gateway = (request: IncomingMessage, response: ServerResponse) => void

const path = /^\/mcp\/([A-Za-z0-9][\w.-]{0,63})$/
const methods = ['POST', 'GET', 'DELETE'] as const
/** As the proxy. */
const longestBodyBytes = 4 * 1024 * 1024

/** @param check what else has to hold for a request; its answer is why it does not */
export const createGateway = (options: {
  readonly upstream: Upstream
  readonly check?: (request: IncomingMessage) => string | undefined
  readonly onFault: (error: unknown) => void
}): Gateway => {
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const problem = options.check?.(request)
    if (problem !== undefined) return refuse(response, 403, problem)
    const server = path.exec((request.url ?? '').split('?', 1)[0] ?? '')?.[1]
    if (server === undefined) return refuse(response, 404, 'path: expected /mcp/<server>, got another one')
    const method = methods.find(known => known === request.method)
    if (method === undefined) {
      response.setHeader('allow', methods.join(', '))
      return refuse(response, 405, 'method: expected POST, GET or DELETE, got another one')
    }
    const body = method === 'POST' ? await readBody(request, longestBodyBytes) : ''
    if (body === undefined)
      return refuse(
        response,
        413,
        `body: expected at most ${longestBodyBytes} bytes of UTF-8, got another one`,
      )

    // Whoever hangs up gives his request up (MCP 2026-07-28), or comes back for the rest (2025-11-25): the proxy knows which.
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const { signal } = gone
    try {
      const headers = headersToProxy(request.headers)
      const answer = await options.upstream.send({
        server,
        method,
        headers,
        signal,
        ...(body !== '' && { body }),
      })
      await passOn(answer, response, signal)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof CordonError)) options.onFault(error)
      if (response.headersSent) response.destroy()
      else answerFault(response, body, error)
    }
  }

  return (request, response) => {
    forward(request, response).catch((error: unknown) => {
      options.onFault(error)
      response.destroy()
    })
  }
}

const passOn = async (
  { status, headers, body }: UpstreamAnswer,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> => {
  response.writeHead(status, headers)
  // A stream has begun also where nothing was said on it yet.
  response.flushHeaders()
  for await (const chunk of body) if (!response.write(chunk)) await once(response, 'drain', { signal })
  response.end()
}

/** To a request an error that its client can tell its human; what else was sent has no answer that could hold one. */
const answerFault = (response: ServerResponse, body: string, error: unknown): void => {
  const message = readClientMessage(body)
  const isRequest = message?.kind === 'request'
  response.writeHead(isRequest ? 200 : 503, { 'content-type': 'application/json' })
  response.end(errorAnswer(isRequest ? message.id : null, error))
}

const refuse = (response: ServerResponse, status: number, message: string): void => {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32_000, message } }))
}
