import { latest, versions } from '../../core/era.ts'
import type { Fault } from '../../core/fault.ts'
import { isJsonObject } from '../../core/json-rpc.ts'
import type { JsonObject, RpcResponse } from '../../core/json-rpc.ts'
import type { Client } from '../../core/stateless/client.ts'
import { envelopeOf } from '../../core/stateless/envelope.ts'
import { requestHeaders } from '../../core/stateless/request-headers.ts'
import type { Timers } from '../../ports.ts'
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
  readonly timers: Timers
  readonly callTimeoutMs: number
}

/** A server that says nothing by then may wait for `initialize`, or still be starting. */
const discoverPatienceMs = 2_000

/** As the official client does: `server/discover` first, and `initialize` where that is not known. */
export const negotiate = async (options: NegotiationOptions): Promise<Negotiated> => {
  const { own, client, openChannel, isGone, timers, callTimeoutMs: timeoutMs } = options
  let channel = openChannel()
  const { method } = discover
  const params = { _meta: envelopeOf(client) }
  const discovering = own.ask({ channel, method, params, headers: requestHeaders(discover), timeoutMs })
  const discovered = await Promise.race([discovering, silence(timers)])
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
    timeoutMs,
  })
  if ('detail' in answer) return { fault: answer }
  const initialized = readInitialized(answer)
  if (initialized === undefined) {
    return isDiscovered(await discovering) ? { era: 'stateless', channel } : { fault: noVersion }
  }
  const headers = { 'mcp-protocol-version': initialized.version }
  channel.send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }), headers)
  channel.listen(headers)
  return { era: 'sessionful', channel, initialized }
}

const discover = { kind: 'request', id: 0, method: 'server/discover', params: {} } as const

const silence = (timers: Timers): Promise<Fault> =>
  new Promise(resolve => {
    const detail = `expected an answer within ${discoverPatienceMs} ms, got none`
    timers.after(discoverPatienceMs, () => resolve({ kind: 'timeout', detail }))
  })

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
