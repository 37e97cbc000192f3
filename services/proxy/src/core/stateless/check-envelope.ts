import type { AgentRequest } from '../agent-request.ts'
import { headerOf } from '../agent-request.ts'
import type { Rejection } from '../answer.ts'
import { reject } from '../answer.ts'
import { metaKey, versions } from '../era.ts'
import { errorCode } from '../error-code.ts'
import { isJsonObject } from '../json-rpc.ts'
import type { JsonObject, RequestId, RpcMessage, RpcRequest } from '../json-rpc.ts'
import { checkParamHeaders } from './check-param-headers.ts'
import { decodeHeaderValue } from './header-value.ts'
import { namedBy } from './named-by.ts'

/**
 * Whether a request says what MCP 2026-07-28 wants each to say, and its headers say the same: whatever stands in front of
 * a tool server may go by them, and the engine goes by the body.
 */
export const checkEnvelope = (request: AgentRequest, message: RpcMessage): Rejection | undefined => {
  if (message.kind === 'response') return undefined
  // A notification says nothing of itself.
  if (message.kind === 'notification') {
    const isNamed = request.headers.has('mcp-method')
    return isNamed ? checkHeader(request, undefined, 'mcp-method', message.method) : undefined
  }
  const { id, method } = message
  return (
    checkMeta(message) ??
    checkVersion(request, message) ??
    checkHeader(request, id, 'mcp-method', method) ??
    checkHeader(request, id, 'mcp-name', namedBy(message)) ??
    checkParamHeaders(request, message)
  )
}

const checkMeta = (message: RpcRequest): Rejection | undefined => {
  const meta = metaOf(message)
  const { protocolVersion, clientCapabilities } = metaKey
  if (typeof meta[protocolVersion] !== 'string') return incomplete(message, protocolVersion, 'a version')
  if (!isJsonObject(meta[clientCapabilities])) return incomplete(message, clientCapabilities, 'an object')
  return undefined
}

const checkVersion = (request: AgentRequest, message: RpcRequest): Rejection | undefined => {
  const requested = metaOf(message)[metaKey.protocolVersion]
  if (headerOf(request, 'mcp-protocol-version') !== requested) {
    return headerMismatch('mcp-protocol-version', message.id)
  }
  if (versions.stateless.includes(String(requested))) return undefined
  return reject({
    status: 400,
    cause: 'protocol_version',
    code: errorCode.unsupportedVersion,
    message: `params._meta: expected protocol version ${versions.stateless.join(' or ')}, got another one`,
    id: message.id,
    data: { supported: versions.stateless, requested },
  })
}

/** @param expected what the body says; absent where it says nothing that a header repeats */
const checkHeader = (
  request: AgentRequest,
  id: RequestId | undefined,
  name: string,
  expected: string | undefined,
): Rejection | undefined => {
  const header = headerOf(request, name)
  const value = header === undefined ? undefined : decodeHeaderValue(header.trim())
  const isAbsent = !request.headers.has(name)
  if (expected === undefined ? isAbsent : value === expected) return undefined
  return headerMismatch(name, id)
}

const metaOf = ({ params }: RpcRequest): JsonObject => {
  const meta = params['_meta']
  return isJsonObject(meta) ? meta : {}
}

const incomplete = ({ id }: RpcRequest, key: string, expected: string): Rejection =>
  reject({
    status: 400,
    cause: 'envelope',
    code: errorCode.invalidParams,
    message: `params._meta["${key}"]: expected ${expected}, got none; MCP 2026-07-28 has it in each request`,
    id,
  })

const headerMismatch = (name: string, id: RequestId | undefined): Rejection =>
  reject({
    status: 400,
    cause: 'header_mismatch',
    code: errorCode.headerMismatch,
    message: `${name}: expected what the body says, once, got something else`,
    id,
  })
