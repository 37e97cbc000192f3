import { isJsonObject } from '@cordon/foundation'
import { mcpCallOf, type ProvenMessage, provenMessageOf } from '@cordon/tokens'

import { AgentClientError } from './agent-client-error.ts'

/**
 * What a proof has to say of a request's body, read as the proxy reads it; `undefined` where it is nothing that a proxy would
 * let through.
 * @param message of the body, as `parseBody` reads it
 * @throws AgentClientError `REQUEST_UNPROVABLE` where the message has no canonical text (RFC 8785)
 */
export const provenBodyOf = (server: string, message: unknown): ProvenMessage | undefined => {
  // A call that the proxy turns away without asking its engine must not take a number of the calls.
  if (!isJsonObject(message) || (mcpCallOf(message).tool !== undefined && !isWholeCall(message)))
    return undefined
  try {
    return provenMessageOf(server, message)
  } catch (cause) {
    throw new AgentClientError(
      'REQUEST_UNPROVABLE',
      'message: expected values of JSON, with numbers and texts that all readers have alike, got another one',
      { cause },
    )
  }
}

const isWholeCall = (message: Readonly<Record<string, unknown>>): boolean => {
  const { method, params = {} } = message
  if (!Object.hasOwn(message, 'id') || !isJsonObject(params)) return false
  return method !== 'tools/call' || typeof params['name'] === 'string'
}

/** @returns `undefined` where it is no JSON */
export const parseBody = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    // The proxy says what is wrong with it.
    return undefined
  }
}
