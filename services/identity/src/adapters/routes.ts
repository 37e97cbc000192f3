import type { IncomingMessage } from 'node:http'

import { isSessionId, type SessionId } from '@cordon/foundation'
import type { PublicJwk } from '@cordon/tokens'

import type { Answer, RefusalCode } from '../core/refusal.ts'
import type { Sessions, SessionWithTokens } from '../core/sessions.ts'
import type { IdentityEvents } from '../events.ts'
import { faultAnswer, type HttpAnswer } from './http-answer.ts'
import { readNothing, readOpening } from './request-body.ts'

export interface RoutesOptions {
  readonly sessions: Sessions
  readonly publicJwk: PublicJwk
  readonly isSecretShown: (authorization: string | undefined) => boolean
  readonly events: IdentityEvents
}

const statuses: Readonly<Record<RefusalCode, number>> = {
  BUNDLE_MISSING: 503,
  ROLE_UNKNOWN: 400,
  TOOLS_REFUSED: 403,
  TOKEN_TOO_LARGE: 400,
  LOG_UNAVAILABLE: 503,
  DECISION_MISSING: 503,
  DECISIONS_STALE: 503,
  SESSION_UNKNOWN: 404,
  SESSION_NOT_HELD: 409,
  SESSION_SUSPENDED: 403,
  SESSION_ENDED: 410,
}

/** Key sets are fetched anew after this long at most. */
const keySetSeconds = 60

/** Answers a request. */
export const createRoutes = (
  options: RoutesOptions,
): ((request: IncomingMessage) => Promise<HttpAnswer> | HttpAnswer) => {
  const { sessions, events } = options

  const answer = <Value>(outcome: Answer<Value>, granted: (value: Value) => HttpAnswer): HttpAnswer => {
    if (outcome.ok) return granted(outcome.value)
    const { code, message } = outcome.refusal
    events.requestRefused(code)
    const status = statuses[code]
    return {
      status,
      body: { error: code, message },
      ...(status === 503 && { headers: { 'retry-after': '1' } }),
    }
  }

  const open = async (request: IncomingMessage): Promise<HttpAnswer> => {
    const body = await readOpening(request)
    if (!body.ok) return body.answer
    const start = performance.now()
    return answer(await sessions.open(body.value), session => {
      events.sessionOpened((performance.now() - start) / 1000)
      return { status: 201, body: present(session) }
    })
  }

  const renew = async (request: IncomingMessage, sessionId: SessionId): Promise<HttpAnswer> => {
    const body = await readNothing(request)
    if (!body.ok) return body.answer
    return answer(await sessions.renew(sessionId), session => {
      events.tokensRenewed()
      return { status: 200, body: present(session) }
    })
  }

  const end = async (sessionId: SessionId): Promise<HttpAnswer> =>
    answer(await sessions.end(sessionId), () => {
      events.sessionEnded()
      return { status: 204 }
    })

  return request => {
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const method = request.method ?? ''
    if (path === '/.well-known/jwks.json')
      return method === 'GET' || method === 'HEAD'
        ? keySet(options.publicJwk)
        : onlyAllowed('GET, HEAD', method)
    if (!options.isSecretShown(request.headers.authorization))
      return faultAnswer('SECRET_WRONG', 'authorization: expected the start-up secret, got another or none', {
        'www-authenticate': 'Bearer',
      })
    if (path === '/sessions') return method === 'POST' ? open(request) : onlyAllowed('POST', method)
    const [, id, tokens] = /^\/sessions\/([^/]+)(\/tokens)?$/.exec(path) ?? []
    if (id === undefined)
      return faultAnswer('NOT_FOUND', 'path: expected /sessions or one below, got another')
    if (!isSessionId(id))
      return faultAnswer(
        'SESSION_ID_MALFORMED',
        'session id: expected "<partition>.<uuid>", got another form',
      )
    if (tokens === undefined) return method === 'DELETE' ? end(id) : onlyAllowed('DELETE', method)
    return method === 'POST' ? renew(request, id) : onlyAllowed('POST', method)
  }
}

const present = ({ sessionId, tokens, expiresAt, endsAt }: SessionWithTokens): unknown => ({
  sessionId,
  tokens,
  expiresAt: new Date(expiresAt).toISOString(),
  endsAt: new Date(endsAt).toISOString(),
})

const keySet = (publicJwk: PublicJwk): HttpAnswer => ({
  status: 200,
  body: { keys: [publicJwk] },
  headers: { 'cache-control': `public, max-age=${keySetSeconds}` },
})

const onlyAllowed = (allow: string, got: string): HttpAnswer =>
  faultAnswer('METHOD_NOT_ALLOWED', `method: expected ${allow}, got ${got}`, { allow })
