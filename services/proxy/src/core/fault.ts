import { errorText } from './answer.ts'
import { errorCode } from './error-code.ts'
import type { RequestId } from './json-rpc.ts'

/** What can be wrong with a tool server: the values of a metric's label. */
export const faultKinds = [
  'unreachable',
  'crashed',
  'timeout',
  'malformed',
  'too_large',
  'failed',
  'credentials',
  'session_ended',
  'overloaded',
] as const

export type FaultKind = (typeof faultKinds)[number]

/** Why a tool server's answer is missing. */
export interface Fault {
  readonly kind: FaultKind
  /** Expected and got; no secret, nothing of what was called. */
  readonly detail: string
}

/** Whoever repairs it gives the agent something else than the server said. */
export const garbled: Fault = { kind: 'malformed', detail: 'expected UTF-8, got other bytes' }

/** The error that the agent gets instead of the answer. */
export const faultText = (id: RequestId | null, server: string, { kind, detail }: Fault): string => {
  const code = kind === 'timeout' ? errorCode.upstreamTimeout : errorCode.upstreamFailed
  return errorText(id, code, `Cordon: tool server "${server}": ${detail}`, { 'cordon/fault': kind })
}
