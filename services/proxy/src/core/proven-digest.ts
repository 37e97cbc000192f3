import { hasInexactNumber } from '@cordon/foundation'
import { digestArguments, mcpCallOf } from '@cordon/tokens'
import type { Refusal } from '@cordon/engine-socket'

import type { JsonObject } from './json-rpc.ts'

/**
 * What the proof of a message that calls nothing is compared with.
 * @param text the message as it is forwarded
 * @returns `undefined` where no agent can have proved it and no tool server could tell: see `unprovable`
 */
export const contentDigestOf = (text: string): string | undefined =>
  digestOf(text, message => mcpCallOf(message).content)

/** The same of what a call says beside its arguments. @param rest numbers with all their digits */
export const restDigestOf = (rest: JsonObject): string | undefined =>
  digestOf(JSON.stringify(rest), same => same)

/** How a message is refused that has the canonical text of another one, or none (RFC 8785 §3.2.2). */
export const unprovable: Refusal = {
  reason: 'ARGUMENTS_INVALID',
  message:
    'The message may hold only numbers that are the same as a double (IEEE 754) and well-formed text, and holds another value. Send it as text.',
}

const digestOf = (text: string, said: (value: JsonObject) => unknown): string | undefined => {
  if (hasInexactNumber(text)) return undefined
  try {
    return digestArguments(said(JSON.parse(text) as JsonObject))
  } catch {
    // Halves of surrogate pairs have no canonical text.
    return undefined
  }
}
