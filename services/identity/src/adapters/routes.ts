import type { IncomingMessage } from 'node:http'

import { z } from 'zod'

import type { EngineKeyBook } from './engine-keys/engine-key-book.ts'
import type { KeyRing } from './keys/key-ring.ts'
import { faultAnswer, type HttpAnswer, onlyAllowed } from './http-answer.ts'
import type { OperatorRoutes } from './operator-routes.ts'
import { readJson } from './request-body.ts'
import { serverMetadata } from './server-metadata.ts'
import type { StatusLists } from './status-lists.ts'
import type { TokenRoutes } from './token-routes.ts'

export interface RoutesOptions {
  readonly issuer: string
  readonly keys: KeyRing
  readonly engineKeys: EngineKeyBook
  readonly tokens: TokenRoutes
  readonly operators: OperatorRoutes
  readonly statusLists: StatusLists
  /** `POST /caep`. */
  readonly securityEvent: (request: IncomingMessage) => Promise<HttpAnswer>
}

const announcement = z.strictObject({ statement: z.string() })

type Answering = (request: IncomingMessage) => Promise<HttpAnswer> | HttpAnswer

/** Key sets are fetched anew after this long at most; the next key is published for longer before it signs. */
const keySetSeconds = 60
/** Says nothing that changes. */
const metadataSeconds = 3600

/** Answers a request. */
export const createRoutes = (options: RoutesOptions): Answering => {
  const { issuer, keys, engineKeys, tokens, operators, statusLists } = options

  const announced: Answering = async request => {
    const body = await readJson(request, announcement)
    if (!body.ok) return body.answer
    const refused = await engineKeys.announce(body.value.statement)
    return refused === undefined ? { status: 204 } : faultAnswer('ENGINE_KEYS_REFUSED', refused)
  }

  const reading: Readonly<Record<string, () => HttpAnswer>> = {
    '/.well-known/jwks.json': () => cached({ keys: keys.published() }, keySetSeconds),
    // Of all engines: who verifies call tokens needs no other address.
    '/engines/jwks.json': () => cached({ keys: engineKeys.published() }, keySetSeconds),
    '/.well-known/oauth-authorization-server': () => cached(serverMetadata(issuer), metadataSeconds),
  }
  const posting: Readonly<Record<string, Answering>> = {
    '/token': request => tokens.token(request),
    '/revoke': request => tokens.revoke(request),
    '/caep': request => options.securityEvent(request),
    '/engines/keys': announced,
  }

  // A page of another name that resolves to this machine would be of our origin otherwise (DNS rebinding); addresses have no names.
  const isOurs = (host: string | undefined): boolean =>
    host !== undefined &&
    (host === new URL(issuer).host || /^(?:127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/.test(host))

  const status = async (list: number): Promise<HttpAnswer> => {
    const text = await statusLists.signed(list)
    if (text === undefined)
      return faultAnswer('NOT_FOUND', 'status list: expected one with sessions, got another')
    return {
      status: 200,
      text,
      headers: { 'content-type': 'application/statuslist+jwt', 'cache-control': 'public, max-age=1' },
    }
  }

  return request => {
    if (!isOurs(request.headers.host))
      return faultAnswer(
        'HOST_WRONG',
        `host: expected ${new URL(issuer).host} or a loopback address, got another`,
      )
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const method = request.method ?? ''
    const isRead = method === 'GET' || method === 'HEAD'
    const read = Object.hasOwn(reading, path) ? reading[path] : undefined
    if (read !== undefined) return isRead ? read() : onlyAllowed('GET, HEAD', method)
    const post = Object.hasOwn(posting, path) ? posting[path] : undefined
    if (post !== undefined) return method === 'POST' ? post(request) : onlyAllowed('POST', method)
    const [, list] = /^\/status\/(\d{1,9})$/.exec(path) ?? []
    if (list !== undefined) return isRead ? status(Number(list)) : onlyAllowed('GET, HEAD', method)
    return (
      operators.answer(request, path) ?? faultAnswer('NOT_FOUND', 'path: expected a known one, got another')
    )
  }
}

const cached = (body: object, seconds: number): HttpAnswer => ({
  status: 200,
  body,
  headers: { 'cache-control': `public, max-age=${seconds}` },
})
