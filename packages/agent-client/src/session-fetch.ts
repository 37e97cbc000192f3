import { uuidV7 } from '@cordon/foundation'
import { signCallProof } from '@cordon/tokens'

import type { AgentSession } from './agent-session.ts'
import { createBackoffs } from './backoffs.ts'
import { createCancelledRequests } from './cancelled-requests.ts'
import { attemptNumbered, uncountedHeader } from './numbered-attempts.ts'
import { type OutgoingRequest, takeApart } from './outgoing-request.ts'

/** Set by the proxy where the session has ended (`?1`). */
const endedHeader = 'cordon-session-ended'

/** One client of MCP (up to 2025-11-25) at one server; ids of requests are its own. */
const clientHeader = 'mcp-session-id'

/**
 * A `fetch` for the transports of the official MCP SDK, towards one tool server behind the proxy: shows the session's token and
 * proves each request. Where the proxy asks for another nonce or refuses the token it tries again, once each; and a few times where
 * no engine counted the call, because none could be asked or it was above the rate. Of one session only so many are under way
 * before their answers begin ({@link CallSequence}), over all servers; further ones wait.
 *
 * A request that its client cancels (`notifications/cancelled`, MCP 2025-11-25 §Cancellation) is not sent any more: it rejects
 * with an `AbortError`. Where it is under way it goes on, and only its server is told. Ids are told apart by `Mcp-Session-Id`;
 * where two clients have the same one open without, neither is cancelled here.
 * @throws AgentClientError where there is no token any more (`SESSION_ENDED` and refusals), or `REQUEST_UNPROVABLE`: the
 * request would go to another place, or has no proof
 */
export const sessionFetch = (session: AgentSession, server: string): typeof fetch => {
  const url = new URL(`${session.proxyUrl}/mcp/${encodeURIComponent(server)}`).href
  const cancelled = createCancelledRequests()
  let nonce = ''

  const send = async (outgoing: OutgoingRequest, token: string, sequence: number): Promise<Response> => {
    const { method, init, body, message } = outgoing
    const now = session.timing.now()
    const headers = new Headers(outgoing.headers)
    headers.set('authorization', `DPoP ${token}`)
    headers.set(
      'dpop',
      signCallProof(session.holderKey, {
        tokenText: token,
        method,
        url,
        nonce,
        issuedAt: now,
        sequence,
        proofId: uuidV7(now),
        ...(message && { message }),
      }),
    )
    const response = await session.fetch(url, {
      ...init,
      method,
      headers,
      ...(body !== undefined && { body }),
      // Token and proof are for this place only.
      redirect: init.redirect === 'error' ? 'error' : 'manual',
    })
    nonce = response.headers.get('dpop-nonce') ?? nonce
    if (response.headers.get(endedHeader) === '?1') session.doubt(server)
    return response
  }

  const sendUntilCounted = async (outgoing: OutgoingRequest, signal: AbortSignal): Promise<Response> => {
    const { message } = outgoing
    const sequences = session.sequences[message !== undefined && 'tool' in message ? 'call' : 'other']
    const backoffs = createBackoffs(session.timing)
    for (;;) {
      // Each has the lowest number that is free: while this call waits, another one may close its gap.
      const response = await attemptNumbered({
        session,
        server,
        sequences,
        send: (token, sequence) => send(outgoing, token, sequence),
        signal,
      })
      const waitMs = backoffs.next(response.headers.get(uncountedHeader) ?? '', sequences.hasGap)
      if (waitMs === undefined) return response
      await response.body?.cancel()
      await sequences.standBy(session.timing.wait(waitMs, signal))
    }
  }

  return async (...asked) => {
    const outgoing = await takeApart(asked, server, url)
    const request = cancelled.enter(outgoing.parsed, outgoing.headers.get(clientHeader) ?? '')
    const { signal } = outgoing.init
    try {
      const givenUp = signal ? AbortSignal.any([signal, request.signal]) : request.signal
      return await sendUntilCounted(outgoing, givenUp)
    } finally {
      request.done()
    }
  }
}
