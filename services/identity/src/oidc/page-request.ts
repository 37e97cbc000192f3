import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'

import { documentOf, type Page } from './pages/layout.ts'

/** Name, password, token: a kilobyte or two. */
const maxFormBytes = 8 * 1024

/** The fields of a form, or `undefined` where the body is none: too long, of another type, a field twice. */
export const readForm = async (
  request: IncomingMessage,
): Promise<Readonly<Record<string, string>> | undefined> => {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') return undefined
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxFormBytes) return undefined
    chunks.push(chunk)
  }
  const fields = [...new URLSearchParams(Buffer.concat(chunks).toString('utf8'))]
  const form = new Map(fields)
  return form.size === fields.length ? Object.fromEntries(form) : undefined
}

export const sendPage = (
  response: ServerResponse,
  page: Page,
  headers: Readonly<Record<string, string>> = {},
): void => {
  const body = Buffer.from(documentOf(page))
  const all: OutgoingHttpHeaders = {
    'content-type': 'text/html; charset=utf-8',
    'content-length': body.length,
    ...(page.retryAfterSeconds !== undefined && { 'retry-after': String(page.retryAfterSeconds) }),
    ...headers,
  }
  response.writeHead(page.status, all)
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

/**
 * Whether a form was sent from a page of ours: browsers say where it comes from, and nobody can make them say otherwise. What is no browser
 * says nothing, and has no cookies that anybody could misuse.
 */
export const isFromHere = (request: IncomingMessage, origin: string): boolean => {
  const { origin: from, 'sec-fetch-site': site } = request.headers
  if (from !== undefined) return from === origin
  return site === undefined || site === 'same-origin'
}

/** Tokens in forms: made from a key that the database keeps, so that nothing has to be remembered for each page. */
export interface CsrfTokens {
  /** @param subject unguessable, and of this browser alone: an interaction, a session */
  issue(purpose: CsrfPurpose, subject: string): string
  verify(purpose: CsrfPurpose, subject: string, token: string | undefined): boolean
}

type CsrfPurpose = 'interaction' | 'log-out'

/** @param keys asked at each use; the first one signs */
export const createCsrfTokens = (keys: () => readonly string[]): CsrfTokens => {
  const make = (key: string, purpose: CsrfPurpose, subject: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify(['csrf', purpose, subject]))
      .digest()
  return {
    issue: (purpose, subject) => make(keys()[0] ?? '', purpose, subject).toString('base64url'),
    verify: (purpose, subject, token) => {
      const shown = Buffer.from(token ?? '', 'base64url')
      return keys().some(key => {
        const expected = make(key, purpose, subject)
        return shown.length === expected.length && timingSafeEqual(shown, expected)
      })
    },
  }
}
