import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { CordonError } from '@cordon/foundation'

import { readCallback } from '../core/callback.ts'
import type { ConnectErrorCode } from '../core/error-code.ts'

/** A port of this machine that waits for one redirect (RFC 8252 §7.3). */
export interface CallbackServer {
  readonly redirectUri: string
  /** @throws ConnectError `LOG_IN_REFUSED`, `LOG_IN_TIMED_OUT`; the signal's reason where it aborts */
  code(patienceMs: number, signal: AbortSignal): Promise<string>
  close(): void
}

export const openCallbackServer = async (expected: {
  readonly state: string
  readonly issuer: string
}): Promise<CallbackServer> => {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  // Whoever waits for it hears of it; before that nobody does.
  promise.catch(() => undefined)
  const server = createServer((request, response) => {
    const say = (status: number, text: string): void => {
      response.writeHead(status, pageHeaders)
      response.end(`${text}\n`)
    }
    // Any page may ask for `//`, which is no address.
    const url = URL.parse(request.url ?? '/', redirectUri)
    if (request.method !== 'GET' || url?.pathname !== '/callback' || request.headers.host !== url.host)
      return say(404, 'Nothing here.')
    const callback = readCallback(url.searchParams, expected)
    if (callback.kind === 'foreign')
      return say(400, 'This is not the answer to the log-in that is under way.')
    if (callback.kind === 'refused') {
      say(200, 'You are not signed in. You can close this page.')
      return reject(callback.error)
    }
    say(200, 'You are signed in. You can close this page.')
    return resolve(callback.code)
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(0, '127.0.0.1', listening)
  })
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`
  return {
    redirectUri,
    code: async (patienceMs, signal) => {
      const timer = setTimeout(() => reject(timedOut(patienceMs)), patienceMs)
      const giveUp = (): void => reject(signal.reason)
      signal.addEventListener('abort', giveUp)
      try {
        return await promise
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', giveUp)
      }
    },
    close: () => {
      server.close()
      server.closeIdleConnections()
    },
  }
}

const pageHeaders = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  // The address has the code in it.
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  connection: 'close',
}

const timedOut = (patienceMs: number): CordonError<ConnectErrorCode> =>
  new CordonError<ConnectErrorCode>(
    'LOG_IN_TIMED_OUT',
    `log-in: expected a human to sign in within ${patienceMs / 60_000} minutes, got nobody`,
    { retryable: true },
  )
