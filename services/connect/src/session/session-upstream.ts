import { setTimeout as sleep } from 'node:timers/promises'

import {
  AgentClientError,
  type AgentSession,
  createCancelledRequests,
  neverLeft,
  sessionFetch,
} from '@cordon/agent-client'
import { CordonError } from '@cordon/foundation'

import { networkCodeOf } from '../adapters/network-fault.ts'
import type { ConnectErrorCode } from '../core/error-code.ts'
import { parseJson } from '../core/mcp/client-message.ts'
import { headersToClient } from '../core/mcp/passed-headers.ts'
import { unknownServer } from '../core/server-names.ts'
import { startOrCorrect } from '../core/way-out.ts'
import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../ports.ts'
import type { Sessions } from './sessions.ts'

/** 0.2, 0.4, 0.8, 1.6, 3.2 s: a proxy that is started anew is back within them, and no client has given up. */
const attempts = 6
const firstBackoffMs = 200
const unauthorized = 401
const forbidden = 403

/** Sends through the session that this process holds: each request with its token, and proven. */
export const createSessionUpstream = (options: {
  readonly sessions: Sessions
  readonly proxyUrl: string
  /** The tool servers that the session is for. */
  readonly servers: ReadonlySet<string>
  readonly onRetry: (attempt: number, code: string) => void
}): Upstream => {
  const { sessions, proxyUrl } = options
  /** While they wait for a human or the proxy; what `sessionFetch` waits for it knows by itself. */
  const cancelled = createCancelledRequests()
  const fetches = new WeakMap<AgentSession, Map<string, typeof fetch>>()

  const fetchOf = (session: AgentSession, server: string): typeof fetch => {
    const ofSession = fetches.get(session) ?? new Map<string, typeof fetch>()
    fetches.set(session, ofSession)
    const made = ofSession.get(server) ?? sessionFetch(session, server)
    ofSession.set(server, made)
    return made
  }

  const sendOnce = async (
    session: AgentSession,
    request: UpstreamRequest,
    givenUp: AbortSignal,
  ): Promise<Response> => {
    const { server, method, headers, body, signal } = request
    const url = `${proxyUrl}/mcp/${encodeURIComponent(server)}`
    for (let made = 1; ; made += 1) {
      if (givenUp.aborted) throw requestCancelled()
      try {
        const init = { method, headers, signal, ...(body !== undefined && { body }) }
        return await fetchOf(session, server)(url, init)
      } catch (error) {
        if (error instanceof AgentClientError || signal.aborted) throw error
        if (isAbort(error)) throw requestCancelled()
        const code = networkCodeOf(error)
        if (!neverLeft(error)) throw answerLost(code, error)
        if (made === attempts) throw proxyUnavailable(proxyUrl, code, error)
        options.onRetry(made, code)
        await sleep(firstBackoffMs * 2 ** (made - 1), undefined, { signal })
      }
    }
  }

  /** Only what a client wants done opens a session: a stream that is taken up again would ask a human to log in who just logged out. */
  const sessionFor = async ({ method }: UpstreamRequest): Promise<AgentSession> => {
    const session = method === 'POST' ? sessions.current() : sessions.opened()
    if (session === undefined) throw unopened()
    return session
  }

  const sendAnew = async (request: UpstreamRequest, givenUp: AbortSignal): Promise<Response> => {
    const session = await sessionFor(request)
    try {
      return await sendOnce(session, request, givenUp)
    } catch (error) {
      if (!(error instanceof AgentClientError) || error.code !== 'SESSION_ENDED') throw error
      // It ended before anything was sent: at its maximum life, or because this machine slept.
      sessions.discard(session)
      return sendOnce(await sessionFor(request), request, givenUp)
    }
  }

  return {
    send: async request => {
      // Before a human is asked to log in for what identity would refuse.
      if (!options.servers.has(request.server)) throw unknownServer(request.server, options.servers)
      const client = `${request.server} ${request.headers['mcp-session-id'] ?? ''}`
      const open = cancelled.enter(parseJson(request.body ?? ''), client)
      try {
        return answerOf(await sendAnew(request, open.signal))
      } finally {
        open.done()
      }
    },
  }
}

const answerOf = (response: Response): UpstreamAnswer => ({
  // Said to a client it would start a log-in of its own, which leads nowhere here.
  status: response.status === unauthorized ? forbidden : response.status,
  headers: headersToClient(Object.fromEntries(response.headers)),
  body: response.body ?? nothing(),
})

/** None of the client's own signal: of what it cancelled with a message. */
const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

const nothing = async function* (): AsyncIterable<Uint8Array> {
  // No body.
}

const requestCancelled = (): CordonError<ConnectErrorCode> =>
  new CordonError(
    'REQUEST_CANCELLED',
    'request: expected one that is wanted still, got one that its client cancelled before it was sent, or while it was refused; it was not carried out',
  )

const unopened = (): CordonError<ConnectErrorCode> =>
  new CordonError<ConnectErrorCode>(
    'STREAM_REFUSED',
    'session: expected an open one, got none; the next request of the client opens one',
    { retryable: true },
  )

const proxyUnavailable = (url: string, got: string, cause: unknown): CordonError<ConnectErrorCode> =>
  new CordonError<ConnectErrorCode>(
    'PROXY_UNAVAILABLE',
    `proxy ${url}: expected a connection within ${attempts} attempts, got ${got}; nothing was sent, the request can be made again: ${startOrCorrect('proxy')}`,
    { retryable: true, cause },
  )

const answerLost = (got: string, cause: unknown): CordonError<ConnectErrorCode> =>
  new CordonError<ConnectErrorCode>(
    'ANSWER_LOST',
    `proxy: expected an answer, got ${got}; the request may have been carried out, and is not sent again`,
    { cause },
  )
