import type { IncomingMessage } from 'node:http'

import { parseAgentId } from '@cordon/foundation'
import { toolNamePattern } from '@cordon/policy'
import { z } from 'zod'

import type { SessionRequest } from '../core/session-request.ts'
import { faultAnswer, type HttpAnswer } from './http-answer.ts'

/** Sixteen times what a request with a hundred tools takes. */
const maxBodyBytes = 64 * 1024

/** A body, or the answer to one that is none. */
export type Body<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly answer: HttpAnswer }

const name = z.string().regex(/^[^\p{C}]{1,256}$/u, { error: 'expected 1 to 256 printable characters' })

const tool = z.string().regex(toolNamePattern, { error: 'expected "server/tool" or "server/*"' })

const openingSchema: z.ZodType<SessionRequest> = z.strictObject({
  human: name,
  agentId: name.transform(parseAgentId),
  role: name,
  platform: name,
  tools: z.array(tool).min(1).max(512),
  conversationId: name.nullable().default(null),
})

export const readOpening = async (request: IncomingMessage): Promise<Body<SessionRequest>> =>
  readJson(request, openingSchema)

/** A renewal says all in its path; a body may be absent or an empty object. */
export const readNothing = async (request: IncomingMessage): Promise<Body<unknown>> =>
  request.headers['content-length'] === '0' || hasNoBody(request)
    ? { ok: true, value: {} }
    : readJson(request, z.strictObject({}))

const hasNoBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] === undefined && headers['transfer-encoding'] === undefined

const readJson = async <Value>(request: IncomingMessage, schema: z.ZodType<Value>): Promise<Body<Value>> => {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    return invalid('MEDIA_TYPE_UNSUPPORTED', `content type: expected application/json, got ${type ?? 'none'}`)
  const text = await readText(request)
  if (text === undefined)
    return invalid('BODY_TOO_LARGE', `body: expected at most ${maxBodyBytes} bytes, got more`)
  const parsed = schema.safeParse(parseJson(text))
  if (parsed.success) return { ok: true, value: parsed.data }
  return parseJson(text) === undefined
    ? invalid('BODY_NOT_JSON', 'body: expected JSON, got text that is none')
    : invalid('BODY_INVALID', parsed.error.issues.map(describeIssue).join('; '))
}

const readText = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON text stands for undefined, so it can say that this is none.
    return undefined
  }
}

const describeIssue = ({ path, message }: z.core.$ZodIssue): string =>
  `${path.length === 0 ? 'body' : path.join('.')}: ${message.replace(/^[\w ]+: (?=expected)/, '')}`

const invalid = (...fault: Parameters<typeof faultAnswer>): { ok: false; answer: HttpAnswer } => ({
  ok: false,
  answer: faultAnswer(...fault),
})
