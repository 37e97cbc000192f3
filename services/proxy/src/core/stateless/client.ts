import { briefClientInfo } from '../brief-client-info.ts'
import { metaKey } from '../era.ts'
import { isJsonObject } from '../json-rpc.ts'
import type { JsonObject, RpcRequest } from '../json-rpc.ts'

/**
 * What a request says about the client that makes it; to a server with sessions it is said once. Some hundred characters at most, as links are kept,
 * and told apart, by it.
 */
export interface Client {
  readonly info: JsonObject
  /** What servers may ask of it. */
  readonly capabilities: JsonObject
}

/**
 * Capabilities that let a server with sessions ask something within a call, with the kinds of each. Roots are not among
 * them: servers ask for those at any time, and would interrupt whatever call is open.
 */
const asked: Readonly<Record<string, readonly string[]>> = {
  elicitation: ['form', 'url'],
  sampling: ['context', 'tools'],
}

export const clientOf = ({ params }: RpcRequest): Client => {
  const meta = objectOf(params['_meta'])
  const declared = objectOf(meta[metaKey.clientCapabilities])
  return {
    info: briefClientInfo(meta[metaKey.clientInfo]),
    capabilities: Object.fromEntries(
      Object.entries(asked).flatMap(([capability, kinds]) => {
        const value = declared[capability]
        if (!isJsonObject(value)) return []
        return [[capability, Object.fromEntries(kinds.filter(kind => kind in value).map(kind => [kind, {}]))]]
      }),
    ),
  }
}

/** The request with no more about its client than a server with sessions is told too: it would stand in each request. */
export const withBriefClient = (request: RpcRequest): RpcRequest => {
  const { params } = request
  const meta = objectOf(params['_meta'])
  if (!Object.hasOwn(meta, metaKey.clientInfo)) return request
  const brief = { ...meta, [metaKey.clientInfo]: briefClientInfo(meta[metaKey.clientInfo]) }
  return { ...request, params: { ...params, _meta: brief } }
}

const objectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})
