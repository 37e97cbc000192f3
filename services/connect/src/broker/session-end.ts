import { request as httpRequest } from 'node:http'
import { text as readText } from 'node:stream/consumers'

import { CordonError } from '@cordon/foundation'
import { z } from 'zod'

import { networkCodeOf } from '../adapters/network-fault.ts'
import type { ConnectErrorCode } from '../core/error-code.ts'
import { parseJson } from '../core/mcp/client-message.ts'
import type { Gateway } from './gateway.ts'

/** The end of a session that was open. */
export interface SessionEnd {
  readonly sessionId: string
  /** Whether identity has put it on record; else it ends there by itself, when nobody renews it. */
  readonly isRecorded: boolean
}

const path = '/session'
/** Identity is asked five times, ten seconds each at most. */
const answerTimeoutMs = 60_000

const schema = z.strictObject({
  ended: z.strictObject({ sessionId: z.string(), isRecorded: z.boolean() }).nullable(),
})

/** Serves `DELETE /session` in front of a gateway: for the socket of a profile, which only its owner may use. */
export const serveSessionEnd =
  (
    gateway: Gateway,
    endSession: () => Promise<SessionEnd | undefined>,
    onFault: (error: unknown) => void,
  ): Gateway =>
  (request, response) => {
    if (request.method !== 'DELETE' || request.url !== path) return gateway(request, response)
    endSession().then(
      ended => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ ended: ended ?? null }))
      },
      (error: unknown) => {
        onFault(error)
        response.destroy()
      },
    )
  }

/**
 * Asks the process that holds the session of a profile to end it.
 * @returns `undefined` where no process holds one, or none was open
 * @throws ConnectError `HOLDER_UNAVAILABLE`
 */
export const askSessionEnd = async (socketPath: string): Promise<SessionEnd | undefined> => {
  let answer: string
  try {
    answer = await askOn(socketPath)
  } catch (error) {
    const code = networkCodeOf(error)
    // Nobody listens: no process holds it, or one that was killed did.
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined
    throw unavailable(code, error)
  }
  const parsed = schema.safeParse(parseJson(answer))
  if (!parsed.success) throw unavailable('another answer')
  return parsed.data.ended ?? undefined
}

const askOn = (socketPath: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(answerTimeoutMs)
    const outgoing = httpRequest(
      { socketPath, path, method: 'DELETE', agent: false, signal, headers: { host: 'localhost' } },
      message => void readText(message).then(resolve, reject),
    )
    outgoing.once('error', reject)
    outgoing.end()
  })

const unavailable = (got: string, cause?: unknown): CordonError<ConnectErrorCode> =>
  new CordonError(
    'HOLDER_UNAVAILABLE',
    `session: expected the process that holds it to end it, got ${got}; it ends with that process as well`,
    { retryable: true, cause },
  )
