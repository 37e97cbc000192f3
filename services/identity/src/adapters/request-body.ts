import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

import { parseAgentId } from '@cordon/foundation'
import { toolNamePattern } from '@cordon/policy'
import { parseStrictJsonObject } from '@cordon/tokens'
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

/** RFC 7638 §3.1: of a key whose private half nobody here has. */
const nobodysKey = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'

const openingSchema: z.ZodType<SessionRequest> = z.strictObject({
  human: name,
  agentId: name.transform(parseAgentId),
  role: name,
  platform: name,
  holder: z
    .string()
    .regex(/^[\w-]{43}$/, { error: 'expected the thumbprint of a key (RFC 7638)' })
    .default(nobodysKey),
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
  const bytes = await readBytes(request)
  if (bytes === undefined)
    return invalid('BODY_TOO_LARGE', `body: expected at most ${maxBodyBytes} bytes, got more`)
  if (!isUtf8(bytes)) return invalid('BODY_NOT_JSON', 'body: expected JSON in UTF-8, got other bytes')
  const text = bytes.toString('utf8')
  const document = parseJson(text)
  if (document === undefined) return invalid('BODY_NOT_JSON', 'body: expected JSON, got text that is none')
  const parsed = schema.safeParse(document)
  if (!parsed.success) return invalid('BODY_INVALID', parsed.error.issues.map(describeIssue).join('; '))
  // It is an object by now, so that only a repeated name can be wrong. Readers differ in which of the two they keep.
  if (parseStrictJsonObject(text) === undefined)
    return invalid('BODY_INVALID', 'body: expected each member name once, got one twice')
  return { ok: true, value: parsed.data }
}

const readBytes = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON text stands for undefined, so it can say that this is none.
    return undefined
  }
}

const describeIssue = (issue: z.core.$ZodIssue): string =>
  `${issue.path.length === 0 ? 'body' : issue.path.join('.')}: ${describeProblem(issue)}`

const describeProblem = (issue: z.core.$ZodIssue): string =>
  issue.code === 'unrecognized_keys'
    ? `expected known members only, got ${issue.keys.join(', ')}`
    : issue.message
        .replace(/^[\w ]+: (?=expected)/, '')
        .replace(/, received undefined$/, ', got nothing')
        .replace(', received ', ', got ')

const invalid = (...fault: Parameters<typeof faultAnswer>): { ok: false; answer: HttpAnswer } => ({
  ok: false,
  answer: faultAnswer(...fault),
})
