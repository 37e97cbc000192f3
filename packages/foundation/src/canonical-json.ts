import canonicalize from 'canonicalize'

import { CordonError } from './cordon-error.ts'

/** The one text of a JSON value (RFC 8785), so that a digest of it means the value and not its spelling. */
export const canonicalJson = (value: unknown): string => {
  const text = canonicalize(value)
  if (text !== undefined) return text
  throw new CordonError('JSON_NOT_CANONICAL', `canonical JSON: expected a JSON value, got ${typeof value}`)
}
