import type { IncomingMessage } from 'node:http'

import type { RequestProofs } from '../core/exchange-request.ts'
import type { Refusal } from '../core/refusal.ts'
import type { HeldSession } from '../core/held-session.ts'
import type { IssuedToken } from '../core/session-tokens.ts'
import type { Sessions } from '../core/sessions.ts'
import type { IdentityEvents } from '../events.ts'
import { isFormFault, readForm } from './form-body.ts'
import type { HttpAnswer } from './http-answer.ts'
import { oauthError } from './oauth-error.ts'
import { accessTokenType, exchangeGrant, readExchange, readRenewal } from './token-request.ts'

export interface TokenRoutes {
  /** `POST /token`. */
  token(request: IncomingMessage): Promise<HttpAnswer>
  /** `POST /revoke` (RFC 7009). */
  revoke(request: IncomingMessage): Promise<HttpAnswer>
}

export const createTokenRoutes = (options: {
  readonly sessions: Sessions
  readonly events: IdentityEvents
  readonly now: () => number
}): TokenRoutes => {
  const { sessions, events, now } = options

  const refuse = (refusal: Refusal): HttpAnswer => {
    events.requestRefused(refusal.code)
    return oauthError(refusal)
  }

  const present = (
    { issued, session }: { readonly issued: IssuedToken; readonly session: HeldSession },
    refreshToken?: string,
  ): HttpAnswer => ({
    status: 200,
    body: {
      access_token: issued.token,
      issued_token_type: accessTokenType,
      token_type: 'DPoP',
      expires_in: Math.max(0, Math.floor((issued.expiresAt - now()) / 1000)),
      scope: issued.tools.map(tool => `tool:${tool}`).join(' '),
      authorization_details: session.tools.map(identifier => ({ type: 'mcp_tool', identifier })),
      ...(refreshToken !== undefined && { refresh_token: refreshToken }),
      session_id: session.sessionId,
      ends_at: new Date(session.endsAt).toISOString(),
    },
    headers: { 'cache-control': 'no-store' },
  })

  const exchange = async (form: ReadonlyMap<string, string>, proof: RequestProofs): Promise<HttpAnswer> => {
    const start = performance.now()
    const asked = readExchange(form, proof)
    if (!asked.ok) return refuse(asked.refusal)
    const answer = await sessions.exchange(asked.value)
    if (!answer.ok) return refuse(answer.refusal)
    events.sessionOpened((performance.now() - start) / 1000)
    return present(answer.value, answer.value.refreshToken)
  }

  const renew = async (form: ReadonlyMap<string, string>, proof: RequestProofs): Promise<HttpAnswer> => {
    const asked = readRenewal(form, proof)
    if (!asked.ok) return refuse(asked.refusal)
    const answer = await sessions.renew(asked.value)
    if (!answer.ok) return refuse(answer.refusal)
    events.tokensRenewed()
    return present(answer.value)
  }

  return {
    token: async request => {
      const form = await readForm(request)
      if (isFormFault(form)) return malformed(form.fault, form.message)
      const proof = {
        holder: headerOf(request, 'dpop') ?? '',
        parent: headerOf(request, 'dpop-parent'),
        logIn: headerOf(request, 'dpop-log-in'),
      }
      const grant = form.get('grant_type')
      if (grant === exchangeGrant) return exchange(form, proof)
      if (grant === 'refresh_token') return renew(form, proof)
      return {
        status: 400,
        body: {
          error: grant === undefined ? 'invalid_request' : 'unsupported_grant_type',
          error_description: `grant_type: expected ${exchangeGrant} or refresh_token, got ${grant === undefined ? 'none' : 'another'}`,
        },
        fault: 'BODY_INVALID',
      }
    },
    revoke: async request => {
      const form = await readForm(request)
      if (isFormFault(form)) return malformed(form.fault, form.message)
      const refreshToken = form.get('token')
      if (refreshToken === undefined)
        return refuse({ code: 'REQUEST_INVALID', message: 'token: expected a refresh token, got none' })
      const answer = await sessions.close({ refreshToken, proof: headerOf(request, 'dpop') ?? '' })
      if (!answer.ok) return refuse(answer.refusal)
      events.sessionEnded('closed')
      return { status: 200 }
    },
  }
}

// Node joins a header that stands twice with commas, which no proof contains: then it is none (RFC 9449 §4.3, 1).
const headerOf = ({ headers }: IncomingMessage, name: string): string | undefined => {
  const value = headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

const malformed = (
  fault: 'MEDIA_TYPE_UNSUPPORTED' | 'BODY_TOO_LARGE' | 'BODY_INVALID',
  message: string,
): HttpAnswer => ({
  status: fault === 'MEDIA_TYPE_UNSUPPORTED' ? 415 : fault === 'BODY_TOO_LARGE' ? 413 : 400,
  body: { error: 'invalid_request', error_description: message },
  fault,
})
