import type { ErrorCode } from './error-code.ts'
import type { RequestId } from './json-rpc.ts'

/** A whole answer to one HTTP request of the agent. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Empty where there is none. */
  readonly body: string
}

/** An answer that turns a request away before anything of it was forwarded. */
export interface Rejection extends Answer {
  readonly cause: RejectionCause
}

export type RejectionCause = (typeof rejectionCauses)[number]

/** Why requests are turned away: the values of a metric's label. */
export const rejectionCauses = [
  'too_many_connections',
  'request_unreadable',
  'request_slow',
  'host',
  'origin',
  'path',
  'method',
  'token',
  'accept',
  'content_type',
  'protocol_version',
  'header_mismatch',
  'envelope',
  'subscriptions',
  'expectation',
  'body_too_large',
  'body_no_room',
  'body_unreadable',
  'body_broken_off',
  'message',
  'method_unknown',
  'session_missing',
  'session_unknown',
  'stream_taken',
  'overloaded',
  'draining',
] as const

export const accepted: Answer = { status: 202, headers: {}, body: '' }

export const jsonAnswer = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

export interface RejectionDetails {
  readonly status: number
  readonly cause: RejectionCause
  readonly code: ErrorCode
  /** Expected and got; for a person to read. */
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
  readonly id?: RequestId | undefined
  readonly data?: unknown
}

export const reject = ({ status, cause, code, message, headers, id, data }: RejectionDetails): Rejection => ({
  ...jsonAnswer(status, errorText(id ?? null, code, message, data), headers),
  cause,
})

/** A JSON-RPC error as text. */
export const errorText = (id: RequestId | null, code: number, message: string, data?: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, ...(data !== undefined && { data }) } })
