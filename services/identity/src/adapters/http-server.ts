import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { IdentityEvents } from '../events.ts'
import { IdentityError } from '../identity-error.ts'
import type { HttpAnswer } from './http-answer.ts'

/** A body of 256 KiB over loopback needs milliseconds. */
const requestTimeoutMs = 10_000

export interface HttpServer {
  readonly port: number
  /** Takes no more requests, answers those that it has. */
  close(): Promise<void>
}

/** Rejects when the port is taken. */
export const openHttpServer = async (options: {
  /** A loopback address. */
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly answer: (request: IncomingMessage) => Promise<HttpAnswer> | HttpAnswer
  /** Answers itself what is below its path; `undefined`: there is none. */
  readonly below?: {
    readonly path: string
    readonly handler: (request: IncomingMessage, response: ServerResponse) => void
  }
  readonly events: IdentityEvents
}): Promise<HttpServer> => {
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const answer = await options.answer(request)
      if (answer.fault !== undefined) options.events.requestRejected(answer.fault)
      send(request, response, answer)
    } catch (error) {
      // A caller who hung up while sending is no fault of ours.
      if (request.errored !== null || response.destroyed) return
      if (error instanceof IdentityError && error.retryable) {
        options.events.requestRefused('DATABASE_UNAVAILABLE')
        return send(request, response, databaseAway)
      }
      options.events.requestFailed(error)
      send(request, response, {
        status: 500,
        body: { error: 'INTERNAL', message: 'identity: a fault, see its log' },
      })
    }
  }
  const server = createServer(
    { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs },
    (request, response) => {
      const { below } = options
      if (below !== undefined && (request.url ?? '').startsWith(`${below.path}/`))
        below.handler(request, response)
      else void respond(request, response)
    },
  )
  server.listen(options.port, options.host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      await closed
    },
  }
}

const databaseAway: HttpAnswer = {
  status: 503,
  body: {
    error: 'temporarily_unavailable',
    error_description: 'database: expected an answer, got none; try again',
    code: 'DATABASE_UNAVAILABLE',
  },
  headers: { 'retry-after': '1' },
}

const send = (
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, text, headers }: HttpAnswer,
): void => {
  // What was not read of the body would be taken for the next request.
  const isUnread = !request.complete
  response.writeHead(status, {
    'cache-control': 'no-store',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(isUnread && { connection: 'close' }),
    ...headers,
  })
  response.end(text ?? (body === undefined ? undefined : `${JSON.stringify(body)}\n`))
}
