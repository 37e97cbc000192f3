import { CordonError } from '@cordon/foundation'

import type { ConnectErrorCode } from './error-code.ts'

/** What came to the loopback redirect address. */
export type Callback =
  | { readonly kind: 'code'; readonly code: string }
  /** Not for this log-in: whoever sent it gets a page that says so, and the log-in goes on. */
  | { readonly kind: 'foreign'; readonly got: string }
  | { readonly kind: 'refused'; readonly error: CordonError<ConnectErrorCode> }

/**
 * Reads a redirect (RFC 6749 §4.1.2). Any page can send a browser here, so only what has this log-in's state counts; with the provider's
 * `iss` (RFC 9207) it cannot be another provider's either.
 */
export const readCallback = (
  query: URLSearchParams,
  expected: { readonly state: string; readonly issuer: string },
): Callback => {
  const only = (name: string): string | undefined => {
    const values = query.getAll(name)
    return values.length === 1 ? values[0] : undefined
  }
  if (only('state') !== expected.state) return { kind: 'foreign', got: 'another state' }
  if (query.has('iss') && only('iss') !== expected.issuer) return { kind: 'foreign', got: 'another issuer' }
  const error = only('error')
  if (error !== undefined) {
    const got = /^[\w-]{1,64}$/.test(error) ? error : 'another error'
    const message = `log-in: expected the human to agree, got ${got}`
    return { kind: 'refused', error: new CordonError<ConnectErrorCode>('LOG_IN_REFUSED', message) }
  }
  const code = only('code')
  return code === undefined || code === '' ? { kind: 'foreign', got: 'no code' } : { kind: 'code', code }
}
