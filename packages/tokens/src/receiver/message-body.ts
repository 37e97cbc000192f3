import type { IncomingMessage } from 'node:http'

import { hasInexactNumber, isJsonObject } from '@cordon/foundation'

import { parseStrictJsonObject } from '../strict-json.ts'

/** A JSON-RPC message that was sent. */
export type Message = Readonly<Record<string, unknown>>

/** `NUMBER_INEXACT`: the message has a number that is another one as a double; the proxy lets none through. */
export type BodyFault = 'BODY_TOO_LARGE' | 'BODY_MALFORMED' | 'BODY_ALREADY_READ' | 'NUMBER_INEXACT'

/**
 * The body of a request: as a framework has parsed it, or read here.
 * @param parsed what a framework parsed, where it keeps that elsewhere than in `request.body`
 */
export const readMessage = async (
  request: IncomingMessage,
  parsed: unknown,
  maxBytes: number,
): Promise<Message | BodyFault> => {
  const body = parsed ?? bodyOf(request)
  if (body !== undefined) return messageOf(body)
  if (request.readableEnded) return 'BODY_ALREADY_READ'
  const bytes = await readBytes(request, maxBytes)
  return bytes === undefined ? 'BODY_TOO_LARGE' : messageOf(bytes)
}

// Express 4 leaves an empty object where no parser took the body; then it is still to be read.
const bodyOf = (request: IncomingMessage): unknown => {
  const body = 'body' in request ? request.body : undefined
  const isUnread = !request.readableEnded && isObject(body) && Object.keys(body).length === 0
  return isUnread ? undefined : (body ?? undefined)
}

const messageOf = (body: unknown): Message | BodyFault => {
  if (!Buffer.isBuffer(body) && typeof body !== 'string') return isObject(body) ? body : 'BODY_MALFORMED'
  const text = body.toString()
  const message = parseStrictJsonObject(text)
  if (message === undefined) return 'BODY_MALFORMED'
  return hasInexactNumber(text) ? 'NUMBER_INEXACT' : message
}

const isObject = (value: unknown): value is Message => isJsonObject(value) && !Buffer.isBuffer(value)

const readBytes = async (request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> => {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return undefined
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
