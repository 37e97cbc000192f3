import type { JsonObject } from './json-rpc.ts'

/**
 * Whether an object has no other members. Of what the proxy did not judge a tool server may think otherwise: to some JSON
 * parsers (Go's, for one) `Method` after `method` is the same member again, and the last one counts.
 */
export const hasOnly = (value: JsonObject, members: ReadonlySet<string>): boolean =>
  Object.keys(value).every(member => members.has(member))
