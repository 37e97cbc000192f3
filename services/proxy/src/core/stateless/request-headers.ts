import { latest } from '../era.ts'
import type { RpcRequest } from '../json-rpc.ts'
import { encodeHeaderValue } from './header-value.ts'
import { namedBy } from './named-by.ts'

/** The headers that repeat a request, written from its body. */
export const requestHeaders = (request: RpcRequest): Readonly<Record<string, string>> => {
  const name = namedBy(request)
  return {
    'mcp-protocol-version': latest.stateless,
    'mcp-method': request.method,
    ...(name !== undefined && { 'mcp-name': encodeHeaderValue(name) }),
  }
}
