import type { Fault } from '../../core/fault.ts'
import { isJsonObject } from '../../core/json-rpc.ts'
import type { Client } from '../../core/stateless/client.ts'
import { envelopeOf } from '../../core/stateless/envelope.ts'
import { requestHeaders } from '../../core/stateless/request-headers.ts'
import type { ToolHeaders } from '../../core/stateless/tool-headers.ts'
import type { Channel } from '../channel/channel.ts'
import type { OwnRequests } from '../channel/own-requests.ts'

/** More than any server has; one that never comes to an end is cut off there. */
const maxPages = 100

export interface ListingOptions {
  /** Of the server. */
  readonly name: string
  readonly channel: Channel
  readonly own: OwnRequests
  readonly client: Client
  readonly toolHeaders: ToolHeaders
  readonly callTimeoutMs: number
}

/**
 * Asks a server for its tools, so that what headers have to repeat is known before its first call. A server that has no such list
 * has no tool that wants any.
 * @returns what was in the way
 */
export const listTools = async (options: ListingOptions): Promise<Fault | undefined> => {
  const { name, channel, own, client, toolHeaders, callTimeoutMs: timeoutMs } = options
  let cursor: unknown
  for (let page = 0; page < maxPages; page += 1) {
    const params = { _meta: envelopeOf(client), ...(typeof cursor === 'string' && { cursor }) }
    const headers = requestHeaders({ kind: 'request', id: 0, method, params })
    const answer = await own.ask({ channel, method, params, headers, timeoutMs })
    if ('detail' in answer) return answer
    toolHeaders.learn(name, answer.result)
    cursor = isJsonObject(answer.result) ? answer.result['nextCursor'] : undefined
    if (typeof cursor !== 'string') break
  }
  toolHeaders.listed(name)
  return undefined
}

const method = 'tools/list'
