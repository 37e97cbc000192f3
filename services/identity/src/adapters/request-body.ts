import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

import { parseStrictJsonObject } from '@cordon/tokens'
import type { z } from 'zod'

import { faultAnswer, type HttpAnswer } from './http-answer.ts'

/** A scope and a reason. */
const maxBodyBytes = 4 * 1024

/** A body, or the answer to one that is none. */
export type Body<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly answer: HttpAnswer }

/** Reads JSON: UTF-8, each member name once, no unknown member. */
export const readJson = async <Value>(
  request: IncomingMessage,
  schema: z.ZodType<Value>,
): Promise<Body<Value>> => {
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
