import { digestArguments, type ProvenCall } from '@cordon/tokens'

import { AgentClientError } from './agent-client-error.ts'

// The proxy reads the same request the same way; what it makes of it has to be what is proven here.

/** Reading a resource and getting a prompt are calls of tools that every server has. */
const ruledTools: ReadonlyMap<unknown, string> = new Map([
  ['resources/read', 'resources:read'],
  ['prompts/get', 'prompts:get'],
])
const notArguments: ReadonlySet<string> = new Set(['_meta', 'inputResponses', 'requestState'])

/**
 * What a request's body calls; `undefined` where it calls nothing, or is nothing that a proxy would let through.
 * @throws AgentClientError `REQUEST_UNPROVABLE` where the arguments have no canonical text (RFC 8785)
 */
export const provenCallOf = (server: string, body: string): ProvenCall | undefined => {
  const message = parseJson(body)
  if (!isObject(message) || !Object.hasOwn(message, 'id')) return undefined
  const { method, params = {} } = message
  if (!isObject(params)) return undefined
  if (method === 'tools/call') {
    const { name, arguments: args = {} } = params
    return typeof name === 'string' ? { server, tool: name, argumentsDigest: digest(args) } : undefined
  }
  const tool = ruledTools.get(method)
  if (tool === undefined) return undefined
  const args = Object.fromEntries(Object.entries(params).filter(([member]) => !notArguments.has(member)))
  return { server, tool, argumentsDigest: digest(args) }
}

const digest = (args: unknown): string => {
  try {
    return digestArguments(args)
  } catch (cause) {
    throw new AgentClientError(
      'REQUEST_UNPROVABLE',
      'arguments: expected values of JSON with finite numbers, got another one',
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
