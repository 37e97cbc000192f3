import type { Fault } from './fault.ts'

/** What a status of an HTTP tool server means for the agent. */
export type StatusMeaning =
  | { readonly kind: 'ok' }
  /** Between agent and server: goes to the agent as it is. */
  | { readonly kind: 'pass' }
  /** The server forgot the session: the agent has to initialize again. */
  | { readonly kind: 'session-gone' }
  | { readonly kind: 'fault'; readonly fault: Fault }

const passed: ReadonlySet<number> = new Set([400, 405, 406, 409, 413, 415, 422, 429])

export const meaningOf = (status: number): StatusMeaning => {
  if (status >= 200 && status < 300) return { kind: 'ok' }
  if (passed.has(status)) return { kind: 'pass' }
  if (status === 404 || status === 410) return { kind: 'session-gone' }
  return { kind: 'fault', fault: faultOf(status) }
}

const faultOf = (status: number): Fault => {
  if (status === 401 || status === 403 || status === 407) {
    // Passed on, it would tell the agent to get another session token, which helps nothing.
    return {
      kind: 'credentials',
      detail: `it refuses the call token or the credentials that Cordon sends (status ${status})`,
    }
  }
  if (status >= 300 && status < 400) {
    return {
      kind: 'malformed',
      detail: `expected an answer, got a redirect (status ${status}); redirects are not followed`,
    }
  }
  return { kind: 'failed', detail: `expected an answer, got status ${status}` }
}
