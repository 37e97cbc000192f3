import type { ProvenMessage } from '@cordon/tokens'

import { AgentClientError } from './agent-client-error.ts'
import { parseBody, provenBodyOf } from './proven-body.ts'

/** What is sent, taken apart once: an attempt after a refusal sends the same bytes. */
export interface OutgoingRequest {
  readonly method: 'POST' | 'GET' | 'DELETE'
  readonly init: RequestInit
  readonly headers: Headers
  readonly body: string | undefined
  /** What the body says; `undefined` where it is no JSON. */
  readonly parsed: unknown
  readonly message: ProvenMessage | undefined
}

/**
 * @param url the only place that it may go to, whatever its query
 * @throws AgentClientError `REQUEST_UNPROVABLE`
 */
export const takeApart = async (
  [input, init = {}]: Parameters<typeof fetch>,
  server: string,
  url: string,
): Promise<OutgoingRequest> => {
  const request = input instanceof Request ? input : undefined
  const target = new URL(input instanceof Request ? input.url : input)
  target.search = ''
  target.hash = ''
  if (target.href !== url) throw unprovable(`a request to ${url}`, 'one to another place')
  const method = (init.method ?? request?.method ?? 'GET').toUpperCase()
  if (method !== 'POST' && method !== 'GET' && method !== 'DELETE')
    throw unprovable('POST, GET or DELETE', 'another method')
  const body = await textOf(init.body ?? (request === undefined ? null : await request.text()))
  const parsed = body === '' ? undefined : parseBody(body)
  return {
    method,
    // As fetch has it: `null` takes the Request's signal away, `undefined` does not.
    init: request === undefined || init.signal !== undefined ? init : { ...init, signal: request.signal },
    headers: new Headers(init.headers ?? request?.headers),
    body: body === '' ? undefined : body,
    parsed,
    message: method === 'POST' ? provenBodyOf(server, parsed) : undefined,
  }
}

const textOf = async (body: NonNullable<RequestInit['body']> | null): Promise<string> =>
  typeof body === 'string' ? body : new Response(body).text()

const unprovable = (expected: string, got: string): AgentClientError =>
  new AgentClientError('REQUEST_UNPROVABLE', `session fetch: expected ${expected}, got ${got}`)
