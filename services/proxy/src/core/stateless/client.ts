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
    info: briefInfo(meta[metaKey.clientInfo]),
    capabilities: Object.fromEntries(
      Object.entries(asked).flatMap(([capability, kinds]) => {
        const value = declared[capability]
        if (!isJsonObject(value)) return []
        return [[capability, Object.fromEntries(kinds.filter(kind => kind in value).map(kind => [kind, {}]))]]
      }),
    ),
  }
}

/**
 * The request with no more about its client than a server with sessions is told too: an icon in its own address has more bytes than any
 * message that carries no data, and would stand in each request.
 */
export const withBriefClient = (request: RpcRequest): RpcRequest => {
  const { params } = request
  const meta = objectOf(params['_meta'])
  if (!Object.hasOwn(meta, metaKey.clientInfo)) return request
  const brief = { ...meta, [metaKey.clientInfo]: clientOf(request).info }
  return { ...request, params: { ...params, _meta: brief } }
}

/** Its name and version, and nothing else that it says of itself. */
export const briefInfo = (clientInfo: unknown): JsonObject => {
  const { name, version } = objectOf(clientInfo)
  return { name: shortOr(name, 'unnamed'), version: shortOr(version, '0') }
}

/** More than any name has. A link keeps what its first request says. */
const maxInfoCharacters = 256

const shortOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value.length <= maxInfoCharacters ? value : otherwise

const objectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})
