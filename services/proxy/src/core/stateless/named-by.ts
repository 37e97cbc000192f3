import type { RpcRequest } from '../json-rpc.ts'

/** The member of `params` that `Mcp-Name` repeats, by method (MCP 2026-07-28). */
const sources: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
}

export const namedBy = ({ method, params }: RpcRequest): string | undefined => {
  const source = Object.hasOwn(sources, method) ? sources[method] : undefined
  const value = source === undefined ? undefined : params[source]
  return typeof value === 'string' ? value : undefined
}
