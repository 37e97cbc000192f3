import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { AgentRequest } from '../core/agent-request.ts'
import type { Answer } from '../core/answer.ts'
import type { UnreadableCause } from '../core/unreadable-request.ts'
import type { AgentReply } from '../ports.ts'
import { createAgentReply } from './agent-reply.ts'
import { trackConnections } from './open-connections.ts'
import type { AdmitBody, ReadBody, RequestBody } from './request-body.ts'
import type { UnreadAnswer } from './unsent-bytes.ts'
import { createUnsentBytes } from './unsent-bytes.ts'
import { createBodyBudget } from './body-budget.ts'
import type { FrontBounds } from './front-bounds.ts'
import { defaultBounds } from './front-bounds.ts'
import { readBody } from './request-body.ts'

/** Answers one request; never rejects. */
export type FrontHandler = (
  request: AgentRequest,
  readBody: (admit: AdmitBody) => Promise<RequestBody>,
  reply: AgentReply,
) => Promise<void>

export interface HttpFrontOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly maxBodyBytes: number
  readonly handle: FrontHandler
  /** Answers a connection whose bytes never became a request. */
  readonly onUnreadable: (cause: UnreadableCause) => Answer
  /** A connection of which nothing was read. */
  readonly onRefused: () => void
  readonly onUnread: (why: UnreadAnswer) => void
  readonly patience?: FrontPatience
  readonly bounds?: Partial<FrontBounds>
}

/** A request whose headers or body dribble in slower is a slow-loris, not an agent. */
export interface FrontPatience {
  /** Also for the first byte of a connection. */
  readonly headersMs: number
  readonly bodyMs: number
  /** How often Node looks at the headers. */
  readonly checkMs: number
}

export interface HttpFront {
  readonly port: number
  /** Takes no more connections; resolves when the open requests are answered. */
  close(): Promise<void>
}

const defaultPatience: FrontPatience = { headersMs: 10_000, bodyMs: 60_000, checkMs: 5_000 }
/** The body's own time is over before: whoever is slow gets to read why. */
const requestGraceMs = 10_000
/** Above the 60 s at which load balancers commonly let go of idle connections. */
const keepAliveTimeoutMs = 65_000

const tooLargeGraceMs = 1_000
const idleCheckMs = 20

/** Of which something may still come. */
const brokenBodies: ReadonlySet<RequestBody['kind']> = new Set([
  'too-large',
  'too-slow',
  'no-room',
  'refused',
])

/** Streamable HTTP as agents speak it. Rejects when the port is taken. */
export const openHttpFront = async (options: HttpFrontOptions): Promise<HttpFront> => {
  const { maxBodyBytes, handle, onUnreadable, patience = defaultPatience } = options
  const bounds = { ...defaultBounds, ...options.bounds }
  const now = (): number => performance.now()
  const budget = createBodyBudget({
    maxBytes: bounds.maxBufferedBytes,
    shortPatienceMs: bounds.shortPatienceMs,
    shortIdleMs: bounds.shortIdleMs,
    now,
  })
  const unsent = createUnsentBytes({
    maxBytes: bounds.maxUnsentBytes,
    maxBytesPerOwner: bounds.maxUnsentBytesPerSession,
    stallMs: bounds.stallMs,
    now,
    onDropped: options.onUnread,
  })
  const stallCheck = setInterval(unsent.dropStalled, bounds.stallMs / 6).unref()
  const server = createServer(
    {
      headersTimeout: patience.headersMs,
      requestTimeout: patience.headersMs + patience.bodyMs + requestGraceMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: patience.checkMs,
      noDelay: true,
    },
    (request, response) => {
      void answer(request, response)
    },
  )
  server.maxConnections = bounds.maxConnections
  server.on('drop', options.onRefused)
  const connections = trackConnections(server)
  server.on('clientError', (error, socket) => {
    const { code } = error as NodeJS.ErrnoException
    // Whoever went away said nothing that could be wrong; what is being answered must not be answered twice.
    if (code === 'ECONNRESET' || !socket.writable || connections.hasOpenRequest(socket)) socket.destroy()
    else {
      const cause = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_slow' : 'request_unreadable'
      socket.end(rawAnswer(onUnreadable(cause)), () => socket.destroy())
    }
  })
  // A tunnel to elsewhere; without a listener Node would hang up without a word.
  server.on('connect', (_request, socket) => socket.end(rawAnswer(onUnreadable('request_unreadable'))))
  server.on('checkExpectation', (_request, response) =>
    createAgentReply(response, unsent).answer(onUnreadable('expectation')),
  )
  // Streams stay open for as long as a session; silence before an answer is bounded by the call's own time-out, an answer that stands still by `dropStalled`.
  server.timeout = 0
  const bodyOf = async (request: IncomingMessage, admit: AdmitBody): Promise<ReadBody> => {
    const { maxSmallBodyBytes: maxSmallBytes } = bounds
    const reading = { maxBytes: maxBodyBytes, maxSmallBytes, timeoutMs: patience.bodyMs, budget, admit }
    const read = await readBody(request, reading)
    // What is left of it is read for nobody, so that the agent gets to see the answer; then the connection goes.
    if (brokenBodies.has(read.body.kind)) setTimeout(() => request.destroy(), tooLargeGraceMs).unref()
    return read
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let read: ReadBody | undefined
    const bodyOnce = async (admit: AdmitBody): Promise<RequestBody> => {
      read = await bodyOf(request, admit)
      return read.body
    }
    await handle(agentRequest(request), bodyOnce, createAgentReply(response, unsent))
    read?.free()
  }
  await listen(server, options)
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        // A connection that is kept becomes idle when its last answer is out, and would stay.
        const closing = setInterval(connections.closeIdle, idleCheckMs)
        server.close(() => {
          clearInterval(closing)
          clearInterval(stallCheck)
          resolve()
        })
        connections.closeIdle()
      }),
  }
}

/** Node could not make a request of it, so that its answer is written by hand. */
const rawAnswer = ({ status, headers, body }: Answer): string =>
  [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n')

const agentRequest = ({ method = '', url = '', rawHeaders }: IncomingMessage): AgentRequest => ({
  method,
  path: url.split('?', 1)[0]!,
  headers: headersOf(rawHeaders),
})

/** Of two Node's `headers` may keep the first alone; its `headersDistinct` throws at `__proto__` in early versions of 24. */
const headersOf = (raw: readonly string[]): AgentRequest['headers'] => {
  const headers = new Map<string, string[]>()
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase()
    const values = headers.get(name)
    if (values === undefined) headers.set(name, [raw[index + 1]!])
    else values.push(raw[index + 1]!)
  }
  return headers
}

const listen = (server: Server, { host, port }: HttpFrontOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
