import { rawDigits } from '../exact-json.ts'
import { isJsonObject } from '../json-rpc.ts'
import type { RpcRequest } from '../json-rpc.ts'
import { decodeHeaderValue } from './header-value.ts'

/**
 * Which arguments of which tools are repeated by headers (`x-mcp-header` in a tool's schema), learnt from every
 * `tools/list`: a server that is a child of the proxy sees no headers, so the proxy looks for it, and lists its tools before the
 * first call.
 */
export interface ToolHeaders {
  /** @param result of a `tools/list` of this server */
  learn(server: string, result: unknown): void
  /** All tools of the server have been learnt once. */
  listed(server: string): void
  isListed(server: string): boolean
  /** @param headers those that begin with `mcp-param-` @returns what is wrong */
  check(server: string, request: RpcRequest, headers: Readonly<Record<string, string>>): string | undefined
}

interface RepeatedArgument {
  /** In lower case. */
  readonly header: string
  readonly path: readonly string[]
}

/** More tools with such headers than any server has. */
const maxTools = 1_000
/** Deeper than any schema that a person reads. */
const maxDepth = 20

export const createToolHeaders = (): ToolHeaders => {
  const servers = new Map<string, Map<string, readonly RepeatedArgument[]>>()
  const listed = new Set<string>()

  const toolsOf = (server: string): Map<string, readonly RepeatedArgument[]> => {
    const tools = servers.get(server) ?? new Map<string, readonly RepeatedArgument[]>()
    servers.set(server, tools)
    return tools
  }

  return {
    learn(server, result) {
      const found: unknown = isJsonObject(result) ? result['tools'] : undefined
      if (!Array.isArray(found)) return
      const tools = toolsOf(server)
      for (const tool of found as readonly unknown[]) {
        if (!isJsonObject(tool) || typeof tool['name'] !== 'string') continue
        const repeated = repeatedArguments(tool['inputSchema'], [])
        if (repeated.length === 0) tools.delete(tool['name'])
        else if (tools.size < maxTools) tools.set(tool['name'], repeated)
      }
    },
    listed: server => void listed.add(server),
    isListed: server => listed.has(server),
    check(server, { method, params }, headers) {
      if (method !== 'tools/call') return undefined
      const repeated = servers.get(server)?.get(String(params['name'])) ?? []
      return repeated.map(argument => problemOf(argument, params['arguments'], headers)).find(Boolean)
    },
  }
}

/** MCP 2026-07-28: only what is reached by a chain of `properties` can be repeated. */
const repeatedArguments = (schema: unknown, path: readonly string[]): readonly RepeatedArgument[] => {
  if (!isJsonObject(schema) || path.length > maxDepth) return []
  const name = schema['x-mcp-header']
  const own = typeof name === 'string' && path.length > 0 ? [{ header: headerNamed(name), path }] : []
  const { properties } = schema
  if (!isJsonObject(properties)) return own
  const below = Object.entries(properties).flatMap(([key, value]) => repeatedArguments(value, [...path, key]))
  return [...own, ...below]
}

const headerNamed = (name: string): string => `mcp-param-${name.toLowerCase()}`

const problemOf = (
  { header, path }: RepeatedArgument,
  args: unknown,
  headers: Readonly<Record<string, string>>,
): string | undefined => {
  const value = textOf(valueAt(args, path))
  // MCP 2026-07-28: what the body does not say no header has to.
  if (value === undefined) return undefined
  const given = Object.hasOwn(headers, header) ? headers[header] : undefined
  if (given === undefined) return `${header}: expected what the argument says, got none`
  const decoded = decodeHeaderValue(given.trim())
  const isSame = decoded === value.text || (value.isNumber && isSameNumber(decoded, value.text))
  return isSame ? undefined : `${header}: expected what the argument says, got something else`
}

const valueAt = (root: unknown, path: readonly string[]): unknown => {
  let value = root
  for (const key of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

const textOf = (value: unknown): { readonly text: string; readonly isNumber: boolean } | undefined => {
  const digits = rawDigits(value)
  if (digits !== undefined) return { text: digits, isNumber: true }
  if (typeof value === 'string' || typeof value === 'boolean') return { text: String(value), isNumber: false }
  return typeof value === 'number' ? { text: String(value), isNumber: true } : undefined
}

/** 42.0 and 42 are the same, as the protocol wants; digits that a double does not keep are compared as they stand. */
const isSameNumber = (header: string | undefined, digits: string): boolean =>
  header !== undefined &&
  /^-?\d{1,15}(\.\d{1,15})?$/.test(header) &&
  /^-?\d{1,15}(\.\d{1,15})?$/.test(digits) &&
  Number(header) === Number(digits)
