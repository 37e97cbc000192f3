import { digestArguments, mcpCallOf, type ProvenCall } from '@cordon/tokens'

import { AgentClientError } from './agent-client-error.ts'

/**
 * What a request's body calls, read as the proxy reads it; `undefined` where it calls nothing, or is nothing that a proxy
 * would let through.
 * @throws AgentClientError `REQUEST_UNPROVABLE` where the arguments have no canonical text (RFC 8785)
 */
export const provenCallOf = (server: string, body: string): ProvenCall | undefined => {
  const message = parseJson(body)
  if (!isObject(message) || !Object.hasOwn(message, 'id')) return undefined
  const { params = {} } = message
  if (!isObject(params)) return undefined
  const { method, tool, arguments: args } = mcpCallOf(message)
  if (tool === undefined || (method === 'tools/call' && typeof params['name'] !== 'string')) return undefined
  return { server, tool, argumentsDigest: digest(args) }
}

const digest = (args: unknown): string => {
  try {
    return digestArguments(args)
  } catch (cause) {
    throw new AgentClientError(
      'REQUEST_UNPROVABLE',
      'arguments: expected values of JSON, with numbers and texts that all readers have alike, got another one',
      { cause },
    )
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    // The proxy says what is wrong with it.
    return undefined
  }
}
