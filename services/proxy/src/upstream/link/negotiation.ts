import { latest, versions } from '../../core/era.ts'
import type { Fault } from '../../core/fault.ts'
import { isJsonObject } from '../../core/json-rpc.ts'
import type { JsonObject, RpcResponse } from '../../core/json-rpc.ts'
import type { Client } from '../../core/stateless/client.ts'
import { envelopeOf } from '../../core/stateless/envelope.ts'
import { requestHeaders } from '../../core/stateless/request-headers.ts'
import type { Channel } from '../channel/channel.ts'
import type { OwnRequests } from '../channel/own-requests.ts'

/** What a server turned out to speak. */
export type Negotiated =
  | { readonly era: 'stateless'; readonly channel: Channel }
  | { readonly era: 'sessionful'; readonly channel: Channel; readonly initialized: Initialized }
  | { readonly era?: never; readonly fault: Fault }

/** What a server with sessions says of itself. */
export interface Initialized {
  readonly version: string
  readonly capabilities: JsonObject
  readonly serverInfo: unknown
  readonly instructions: unknown
}

export interface NegotiationOptions {
  readonly own: OwnRequests
  readonly client: Client
  readonly openChannel: () => Channel
  /** Whether the server of the channel that was opened last has ended. */
  readonly isGone: () => boolean
  readonly callTimeoutMs: number
}

/** Time for a package to be fetched and started; a server that answers nothing before `initialize` costs as much once. */
const discoverTimeoutMs = 20_000

/** As the official client does: `server/discover` first, and `initialize` where that is not known. */
export const negotiate = async (options: NegotiationOptions): Promise<Negotiated> => {
  const { own, client, openChannel, isGone, callTimeoutMs } = options
  let channel = openChannel()
  const discover = { kind: 'request', id: 0, method: 'server/discover', params: {} } as const
  const discovered = await own.ask({
    channel,
    method: discover.method,
    params: { _meta: envelopeOf(client) },
    headers: requestHeaders(discover),
    timeoutMs: discoverTimeoutMs,
  })
  if (isDiscovered(discovered)) return { era: 'stateless', channel }

  // Some servers end at a request that comes before `initialize`.
  if (isGone()) channel = openChannel()
  const answer = await own.ask({
    channel,
    method: 'initialize',
    params: {
      protocolVersion: latest.sessionful,
      capabilities: client.capabilities,
      clientInfo: client.info,
    },
    headers: {},
    timeoutMs: callTimeoutMs,
  })
  if ('detail' in answer) return { fault: answer }
  const initialized = readInitialized(answer)
  if (initialized === undefined) return { fault: noVersion }
  const headers = { 'mcp-protocol-version': initialized.version }
  channel.send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }), headers)
  channel.listen(headers)
  return { era: 'sessionful', channel, initialized }
}

const isDiscovered = (answer: RpcResponse | Fault): boolean => {
  if ('detail' in answer || !isJsonObject(answer.result)) return false
  const supported = answer.result['supportedVersions']
  return Array.isArray(supported) && supported.includes(latest.stateless)
}

const readInitialized = ({ result }: RpcResponse): Initialized | undefined => {
  if (!isJsonObject(result)) return undefined
  const { protocolVersion: version, capabilities, serverInfo, instructions } = result
  if (typeof version !== 'string' || !versions.sessionful.includes(version)) return undefined
  return {
    version,
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    serverInfo,
    instructions,
  }
}

const noVersion: Fault = {
  kind: 'malformed',
  detail: `expected MCP ${latest.stateless} or ${latest.sessionful} (or older), got none of them`,
}
