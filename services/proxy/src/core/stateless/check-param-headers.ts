import type { AgentRequest } from '../agent-request.ts'
import { headerOf } from '../agent-request.ts'
import type { Rejection } from '../answer.ts'
import { reject } from '../answer.ts'
import { errorCode } from '../error-code.ts'
import { rawDigits } from '../exact-json.ts'
import type { RpcRequest } from '../json-rpc.ts'
import { decodeHeaderValue } from './header-value.ts'

const prefix = 'mcp-param-'

/** The `Mcp-Param-*` headers of a request, as they are forwarded. */
export const paramHeaders = (request: AgentRequest): Readonly<Record<string, string>> => {
  const found: Record<string, string> = {}
  for (const name of request.headers.keys()) {
    const value = name.startsWith(prefix) ? headerOf(request, name) : undefined
    if (value !== undefined) found[name] = value
  }
  return found
}

/**
 * `Mcp-Param-*` repeat arguments of a call for whatever routes by headers. Which argument each one repeats only the
 * tool's schema says; here a header has to repeat some argument, so that none says what the engine did not see.
 */
export const checkParamHeaders = (
  request: AgentRequest,
  { id, params }: RpcRequest,
): Rejection | undefined => {
  const names = [...request.headers.keys()].filter(name => name.startsWith(prefix))
  if (names.length === 0) return undefined
  const values = primitivesOf(params['arguments'])
  const foreign = names.find(name => {
    const header = headerOf(request, name)?.trim() ?? ''
    const value = isPlain.test(header) ? decodeHeaderValue(header) : undefined
    return value === undefined || !values.has(value)
  })
  if (foreign === undefined) return undefined
  return reject({
    status: 400,
    cause: 'header_mismatch',
    code: errorCode.headerMismatch,
    message: 'mcp-param-*: expected the values of arguments, each header once, got another one',
    id,
  })
}

/** Anything else has to go as Base64 (MCP 2026-07-28). */
const isPlain = /^[\u0020-\u007e]*$/

const primitivesOf = (root: unknown): ReadonlySet<string> => {
  const found = new Set<string>()
  const visit = (value: unknown): void => {
    const digits = rawDigits(value)
    if (digits !== undefined) found.add(digits)
    else if (typeof value === 'string') found.add(value)
    else if (typeof value === 'number' || typeof value === 'boolean') found.add(String(value))
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit)
  }
  visit(root)
  return found
}
