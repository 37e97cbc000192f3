import { mostUnjudgedBytes } from '@cordon/engine-socket'

import { isJsonObject, type RpcRequest } from './json-rpc.ts'
import { briefInfo } from './stateless/client.ts'

/** An `initialize` as its server gets it. */
export interface Opening {
  readonly request: RpcRequest
  readonly text: string
}

/**
 * What goes on of an `initialize` that would count as data: no more about its client than name and version.
 * @returns nothing where it goes on as it came
 */
export const briefInitialize = (
  request: RpcRequest,
  text: string,
  headerBytes: number,
): Opening | undefined => {
  const { id, method, params } = request
  const { clientInfo } = params
  if (headerBytes + Buffer.byteLength(text) <= mostUnjudgedBytes || !isJsonObject(clientInfo))
    return undefined
  const brief = { ...params, clientInfo: briefInfo(clientInfo) }
  return {
    request: { ...request, params: brief },
    text: JSON.stringify({ jsonrpc: '2.0', id, method, params: brief }),
  }
}
