import { type ClientRequest, isJsonObject, type JsonObject } from './client-message.ts'
import { encodeHeaderValue } from './stateless-headers.ts'

/**
 * `Mcp-Param-*` (MCP 2026-07-28): arguments that a tool's schema wants repeated as headers. A client on HTTP sends them itself;
 * one on stdio knows nothing of them, so they are made from the tool lists that it was given.
 */
export interface ParamHeaders {
  learn(result: unknown): void
  of(request: ClientRequest): Readonly<Record<string, string>>
}

interface Declaration {
  readonly header: string
  readonly path: readonly string[]
}

const mark = 'x-mcp-header'
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/
const deepest = 8

export const createParamHeaders = (): ParamHeaders => {
  const known = new Map<string, readonly Declaration[]>()
  return {
    learn: result => {
      const tools = isJsonObject(result) ? result['tools'] : undefined
      if (!Array.isArray(tools)) return
      for (const tool of tools as unknown[]) {
        if (!isJsonObject(tool) || typeof tool['name'] !== 'string') continue
        known.set(tool['name'], declarationsIn(tool['inputSchema'], []))
      }
    },
    of: ({ method, params }) => {
      const name = params['name']
      if (method !== 'tools/call' || typeof name !== 'string') return {}
      return Object.fromEntries(
        (known.get(name) ?? []).flatMap(({ header, path }) => {
          const value = textAt(params['arguments'], path)
          return value === undefined ? [] : [[`mcp-param-${header}`, encodeHeaderValue(value)]]
        }),
      )
    },
  }
}

const declarationsIn = (schema: unknown, path: readonly string[]): readonly Declaration[] => {
  const properties = isJsonObject(schema) ? schema['properties'] : undefined
  if (!isJsonObject(properties) || path.length === deepest) return []
  return Object.entries(properties).flatMap(([name, property]) => {
    const here = [...path, name]
    const header = isJsonObject(property) ? property[mark] : undefined
    return [
      ...(typeof header === 'string' && token.test(header) ? [{ header, path: here }] : []),
      ...declarationsIn(property, here),
    ]
  })
}

const textAt = (root: JsonObject[string], path: readonly string[]): string | undefined => {
  const value = path.reduce<unknown>((node, name) => (isJsonObject(node) ? node[name] : undefined), root)
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined
}
