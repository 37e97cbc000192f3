import type { RequestBody } from '../adapters/request-body.ts'
import { classifyAgentMessage } from '../core/agent-message.ts'
import { reject } from '../core/answer.ts'
import type { Rejection } from '../core/answer.ts'
import { errorCode } from '../core/error-code.ts'
import { ItemsError, NestingError, parseAgentJson, RepeatedMemberError } from '../core/exact-json.ts'
import type { RpcMessage } from '../core/json-rpc.ts'

/** A message of the agent, and the text that is forwarded of it. */
export interface ReadMessage {
  readonly message: RpcMessage
  readonly text: string
}

/** Reads a body once: what is judged is what is forwarded. */
export const readMessage = (
  body: Exclude<RequestBody, { readonly kind: 'broken-off' | 'refused' }>,
  maxBodyBytes: number,
): ReadMessage | { readonly rejection: Rejection } => {
  if (body.kind === 'too-large') return { rejection: tooLarge(maxBodyBytes) }
  if (body.kind === 'too-slow') return { rejection: tooSlow }
  if (body.kind === 'no-room') return { rejection: noRoom }
  if (body.kind === 'not-utf8') return { rejection: unreadable('expected UTF-8, got other bytes') }
  try {
    const value = parseAgentJson(body.text)
    const message = classifyAgentMessage(value)
    if (message.kind !== 'fault') return { message, text: JSON.stringify(value) }
    const { problem, id } = message
    return {
      rejection: reject({
        status: 400,
        cause: 'message',
        code: errorCode.invalidRequest,
        message: `message: ${problem}`,
        id,
      }),
    }
  } catch (error) {
    if (isOfOurs(error)) return { rejection: unreadable(error.message) }
    if (error instanceof SyntaxError) return { rejection: unreadable('expected JSON, got other text') }
    throw error
  }
}

const isOfOurs = (error: unknown): error is SyntaxError =>
  [ItemsError, NestingError, RepeatedMemberError].some(kind => error instanceof kind)

const unreadable = (problem: string): Rejection =>
  reject({
    status: 400,
    cause: 'body_unreadable',
    code: errorCode.parseError,
    message: `body: ${problem}`,
  })

const tooSlow = reject({
  status: 408,
  cause: 'request_slow',
  code: errorCode.badRequest,
  message: 'body: expected it within a minute, got a part of it',
  headers: { connection: 'close' },
})

const noRoom = reject({
  status: 503,
  cause: 'body_no_room',
  code: errorCode.overloaded,
  message: 'body: expected room for it, got too many others that are being read. Try again in a moment.',
  headers: { connection: 'close', 'retry-after': '1' },
})

const tooLarge = (maxBodyBytes: number): Rejection =>
  reject({
    status: 413,
    cause: 'body_too_large',
    code: errorCode.badRequest,
    message: `body: expected at most ${maxBodyBytes} bytes, got more`,
    headers: { connection: 'close' },
  })
