import type { IncomingMessage, ServerResponse } from 'node:http'

import { type McpCall, mcpCallOf } from '../downstream/mcp-call.ts'
import { type BodyFault, type Message, readMessage } from './message-body.ts'
import type { Receiver, ReceiverFault, Refused, Verified } from './receiver.ts'

/** A request that may be acted on. */
export interface GuardedRequest {
  /** The message; `undefined` in GET and DELETE. Act on this one: it is what was verified. */
  readonly body: Message | undefined
  readonly caller: Verified
}

export interface GuardOptions {
  /** Of a request. Default 4 MiB. */
  readonly maxBodyBytes?: number
  /**
   * For the log of the tool server: the caller learns less.
   * @param detail what was expected and got where the server's own settings may be wrong
   */
  readonly onRefused?: (reason: GuardFault, detail?: string) => void
}

export type GuardFault = ReceiverFault | BodyFault | 'HTTP_METHOD_REFUSED' | 'REQUEST_BROKEN'

/**
 * Stands in front of an MCP endpoint on Node's `http`, or a framework on it.
 * @param parsedBody where the framework has parsed the body and keeps it elsewhere than in `request.body`
 * @returns `undefined` where the request was answered here, with 401, 403 or another refusal
 */
export type HttpGuard = (
  request: IncomingMessage,
  response: ServerResponse,
  parsedBody?: unknown,
) => Promise<GuardedRequest | undefined>

const defaultMaxBodyBytes = 4 * 1024 * 1024

export const guardHttp = (receiver: Receiver, options: GuardOptions = {}): HttpGuard => {
  const { maxBodyBytes = defaultMaxBodyBytes, onRefused } = options

  const check = async (
    request: IncomingMessage,
    parsedBody: unknown,
  ): Promise<GuardedRequest | GuardFault | Refused> => {
    const token = tokenOf(request)
    // Before the body: a stranger without a token makes us read nothing.
    if (token === '') return 'TOKEN_ABSENT'
    const { method = '' } = request
    if (method !== 'POST' && method !== 'GET' && method !== 'DELETE') return 'HTTP_METHOD_REFUSED'
    const body = method === 'POST' ? await readMessage(request, parsedBody, maxBodyBytes) : undefined
    if (typeof body === 'string') return body
    const call: McpCall = body === undefined ? { method } : mcpCallOf(body)
    const caller = await receiver.verify(token, call)
    return caller.ok ? { body, caller } : caller
  }

  return async (request, response, parsedBody) => {
    const result = await check(request, parsedBody).catch((): GuardFault => 'REQUEST_BROKEN')
    if (typeof result === 'object' && 'caller' in result) return result
    const { reason, detail } = typeof result === 'string' ? { reason: result, detail: undefined } : result
    onRefused?.(reason, detail)
    refuse(response, reason)
    return undefined
  }
}

// A server that has an `authorization` of its own gets the token beside it.
const tokenOf = ({ headers }: IncomingMessage): string => {
  const beside = headers['cordon-call-token']
  if (typeof beside === 'string') return beside
  return /^Bearer ([\w.-]+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
}

/** All others are 401: a token that is good would help. */
const statusOf: Partial<Record<GuardFault, number>> = {
  METHOD_REFUSED: 403,
  TOOL_REFUSED: 403,
  ARGUMENTS_REFUSED: 403,
  REST_REFUSED: 403,
  CONTENT_REFUSED: 403,
  HTTP_METHOD_REFUSED: 405,
  BODY_MALFORMED: 400,
  NUMBER_INEXACT: 400,
  REQUEST_BROKEN: 400,
  BODY_TOO_LARGE: 413,
  BODY_ALREADY_READ: 500,
  KEYS_UNAVAILABLE: 503,
  STATUS_UNKNOWN: 503,
  RECEIVER_FULL: 503,
}

const messages: Readonly<Record<number, string>> = {
  400: 'expected one JSON-RPC message, with numbers that are the same as a double',
  401: 'expected a call token of Cordon that is good for this request',
  403: 'expected the request that the call token is for',
  405: 'expected POST, GET or DELETE',
  413: 'expected a shorter message',
  500: 'expected the body to be handed over where it was read before',
  503: 'cannot tell now whether the call token is good',
}

/** Of JSON-RPC: our own errors are in -32000 to -32019. */
const refusedCode = -32001

const refuse = (response: ServerResponse, fault: GuardFault): void => {
  if (response.headersSent || response.destroyed) return
  const status = statusOf[fault] ?? 401
  const error = { code: refusedCode, message: messages[status] }
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...(status === 401 && { 'www-authenticate': 'Bearer error="invalid_token"' }),
    ...(status === 403 && { 'www-authenticate': 'Bearer error="insufficient_scope"' }),
    ...(status === 405 && { allow: 'POST, GET, DELETE' }),
    // What of the body was not read is not worth reading.
    ...(status === 413 && { connection: 'close' }),
  })
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error }))
}
