import { uuidV7 } from '@cordon/foundation'
import { type ProvenMessage, signCallProof } from '@cordon/tokens'

import { AgentClientError } from './agent-client-error.ts'
import type { AgentSession } from './agent-session.ts'
import { createBackoffs } from './backoffs.ts'
import type { CallSequence } from './call-sequence.ts'
import { challengeOf } from './dpop-challenge.ts'
import { neverLeft } from './never-left.ts'
import { provenBodyOf } from './proven-body.ts'

/** What is sent, taken apart once: an attempt after a refusal sends the same bytes. */
interface Outgoing {
  readonly method: 'POST' | 'GET' | 'DELETE'
  readonly init: RequestInit
  readonly headers: Headers
  readonly body: string | undefined
  readonly message: ProvenMessage | undefined
}

/** Set by the proxy where no engine counted the call's number; says why it was refused. */
const uncountedHeader = 'cordon-call-uncounted'

/** After this no engine takes a proof any more, whichever of the two clocks is a minute behind the other (`iat`, RFC 9449 §11.1). */
const proofLifeMs = 120_000

/** Set by the proxy where the session has ended (`?1`). */
const endedHeader = 'cordon-session-ended'

/**
 * A `fetch` for the transports of the official MCP SDK, towards one tool server behind the proxy: shows the session's token and
 * proves each request. Where the proxy asks for another nonce or refuses the token it tries again, once each, with the same sequence
 * number; and a few times where no engine counted the call because none could be asked or it was above the rate. Of one session only so
 * many are under way before their answers begin ({@link CallSequence}), over all servers; further ones wait.
 * @throws AgentClientError where there is no token any more (`SESSION_ENDED` and refusals), or `REQUEST_UNPROVABLE`: the
 * request would go to another place, or has no proof
 */
export const sessionFetch = (session: AgentSession, server: string): typeof fetch => {
  const url = new URL(`${session.proxyUrl}/mcp/${encodeURIComponent(server)}`).href
  let nonce = ''

  const send = async (outgoing: Outgoing, token: string, sequence: number): Promise<Response> => {
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

  /** Until an engine counted the request, or refused it uncounted. */
  const attempt = async (outgoing: Outgoing, sequences: CallSequence): Promise<Response> => {
    const { signal } = outgoing.init
    // Before it has a number: who waits for identity leaves no gap meanwhile.
    await session.token(server)
    const sequence = await sequences.take(signal)
    let isUnused = true
    let isTooLate = false

    /** While no answer begins, others wait for it no longer than its number could still be taken. */
    const sendInTime = async (token: string): Promise<Response> => {
      const begun = new AbortController()
      void session.timing.waitAside(proofLifeMs, begun.signal).then(() => {
        if (begun.signal.aborted) return
        isTooLate = true
        sequences.settle(sequence, 'used')
      })
      try {
        return await send(outgoing, token, sequence)
      } finally {
        begun.abort()
      }
    }

    try {
      // The other one may have run out, or the session have ended, while this call waited.
      let token = await session.token(server)
      signal?.throwIfAborted()
      const answered = { use_dpop_nonce: false, invalid_token: false }
      for (;;) {
        isUnused = false
        const response = await sendInTime(token)
        isUnused = response.headers.has(uncountedHeader)
        const challenge = response.status === 401 ? challengeOf(response) : 'other'
        if (challenge === 'other') return response
        // The engine refuses token and nonce before it counts.
        isUnused = true
        if (answered[challenge] || isTooLate) return response
        answered[challenge] = true
        await response.body?.cancel()
        if (challenge === 'invalid_token') token = await session.replaceToken(server, token)
      }
    } catch (error) {
      isUnused ||= neverLeft(error)
      throw error
    } finally {
      // Its answer has begun, or never will: how long the body takes is nothing to others.
      sequences.settle(sequence, isUnused ? 'unused' : 'used')
    }
  }

  return async (input, init = {}) => {
    const outgoing = await takeApart(input, init, server, url)
    const { message } = outgoing
    const sequences = session.sequences[message !== undefined && 'tool' in message ? 'call' : 'other']
    const backoffs = createBackoffs(session.timing)
    for (;;) {
      // Each has the lowest number that is free: while this call waits, another one may close its gap.
      const response = await attempt(outgoing, sequences)
      const waitMs = backoffs.next(response.headers.get(uncountedHeader) ?? '', sequences.hasGap)
      if (waitMs === undefined) return response
      await response.body?.cancel()
      await session.timing.wait(waitMs, outgoing.init.signal ?? undefined)
    }
  }
}

const takeApart = async (
  input: Parameters<typeof fetch>[0],
  init: RequestInit,
  server: string,
  url: string,
): Promise<Outgoing> => {
  const request = input instanceof Request ? input : undefined
  const target = new URL(input instanceof Request ? input.url : input)
  target.search = ''
  target.hash = ''
  if (target.href !== url) throw unprovable(`a request to ${url}`, 'one to another place')
  const method = (init.method ?? request?.method ?? 'GET').toUpperCase()
  if (method !== 'POST' && method !== 'GET' && method !== 'DELETE')
    throw unprovable('POST, GET or DELETE', 'another method')
  const body = await textOf(init.body ?? (request === undefined ? null : await request.text()))
  return {
    method,
    init: request === undefined ? init : { signal: request.signal, ...init },
    headers: new Headers(init.headers ?? request?.headers),
    body: body === '' ? undefined : body,
    message: method === 'POST' && body !== '' ? provenBodyOf(server, body) : undefined,
  }
}

const textOf = async (body: NonNullable<RequestInit['body']> | null): Promise<string> =>
  typeof body === 'string' ? body : new Response(body).text()

const unprovable = (expected: string, got: string): AgentClientError =>
  new AgentClientError('REQUEST_UNPROVABLE', `session fetch: expected ${expected}, got ${got}`)
