import { latest, metaKey, versions } from '../era.ts'
import { errorCode } from '../error-code.ts'
import { isJsonObject } from '../json-rpc.ts'
import type { JsonObject, RequestId, RpcRequest, RpcResponse } from '../json-rpc.ts'
import { without } from '../without.ts'

/** Results that say how long they may be kept (MCP 2026-07-28); a server with sessions does not say. */
const cacheable: ReadonlySet<string> = new Set([
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
])

const notKept = { ttlMs: 0, cacheScope: 'private' }

/** The number by which servers with sessions say that there is no such resource. */
const resourceNotFound = -32_002

/** The params of a request without what only stateless requests carry. @param id by which progress will be told */
export const sessionfulParams = ({ params }: RpcRequest, id: RequestId): JsonObject => {
  const rest = without(params, '_meta', 'inputResponses', 'requestState')
  if (!isJsonObject(params['_meta'])) return rest
  const { protocolVersion, clientInfo, clientCapabilities, logLevel } = metaKey
  const meta = without(params['_meta'], protocolVersion, clientInfo, clientCapabilities, logLevel)
  const named = meta['progressToken'] === undefined ? meta : { ...meta, progressToken: id }
  return Object.keys(named).length === 0 ? rest : { ...rest, _meta: named }
}

/** A server's response with what a stateless agent expects of each. */
export const statelessResponse = (method: string, response: RpcResponse): RpcResponse => {
  const { result, error } = response
  if (isJsonObject(error) && error['code'] === resourceNotFound) {
    return { ...response, error: { ...error, code: errorCode.invalidParams } }
  }
  if (error !== undefined || !isJsonObject(result)) return response
  const tools = method === 'tools/list' ? withoutTasks(result) : {}
  const kept = cacheable.has(method) ? notKept : {}
  return { ...response, result: { ...kept, ...result, ...tools, resultType: 'complete' } }
}

/** Without a session a call cannot go on as a task. */
const withoutTasks = ({ tools }: JsonObject): JsonObject => {
  if (!Array.isArray(tools)) return {}
  return {
    tools: (tools as readonly unknown[]).map(tool =>
      isJsonObject(tool) ? without(tool, 'execution') : tool,
    ),
  }
}

export interface ServerFacts {
  readonly capabilities: JsonObject
  readonly serverInfo: unknown
  readonly instructions: unknown
}

/** `server/discover`, answered from what the server said to `initialize`. */
export const discoverResult = ({ capabilities, serverInfo, instructions }: ServerFacts): JsonObject => {
  return {
    resultType: 'complete',
    ...notKept,
    supportedVersions: [latest.stateless],
    capabilities: without(capabilities, 'tasks', 'logging'),
    ...(instructions !== undefined && { instructions }),
    ...(isJsonObject(serverInfo) && { _meta: { [metaKey.serverInfo]: serverInfo } }),
  }
}

/** `initialize`, answered from what the server said to `server/discover`. @param requested the version that the agent would like */
export const initializeResult = (discovered: JsonObject, requested: unknown): JsonObject => {
  const { capabilities, instructions, _meta: meta } = discovered
  const info = isJsonObject(meta) ? meta[metaKey.serverInfo] : undefined
  const isSpoken = typeof requested === 'string' && versions.sessionful.includes(requested)
  return {
    protocolVersion: isSpoken ? requested : latest.sessionful,
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    serverInfo: isJsonObject(info) ? info : { name: 'unnamed', version: '0' },
    ...(instructions !== undefined && { instructions }),
  }
}

/** A response without what only stateless agents know. */
export const sessionfulResponse = (response: RpcResponse): RpcResponse =>
  isJsonObject(response.result)
    ? { ...response, result: without(response.result, 'resultType', 'ttlMs', 'cacheScope') }
    : response

/** Whether a server says that it speaks stateless versions alone. */
export const isSessionless = ({ error }: RpcResponse): boolean => {
  if (!isJsonObject(error) || error['code'] !== errorCode.unsupportedVersion) return false
  const supported = isJsonObject(error['data']) ? error['data']['supported'] : undefined
  return Array.isArray(supported) && supported.includes(latest.stateless)
}
