import { CordonError } from '@cordon/foundation'

import type { ConnectErrorCode } from '../error-code.ts'
import { type JsonNode, memberOf, parseJsonTree, type Place, valueOf } from './json-tree.ts'

/** The configuration of an MCP client, as far as it names servers. */
export interface ClientConfig {
  readonly entries: readonly ConfigEntry[]
}

export interface ConfigEntry extends Place {
  readonly name: string
  readonly value: Readonly<Record<string, unknown>>
}

/** @throws CordonError `CLIENT_CONFIG_INVALID` */
export const parseClientConfig = (text: string): ClientConfig => {
  const { root, comments } = parseJsonTree(text)
  const found = containersIn(root)
  if (found.length === 0) throw invalid('a member "mcpServers" or "servers"', 'neither')
  const entries = found.flatMap(container => {
    if (container.kind !== 'object') throw invalid('an object of servers', 'another value')
    return container.members.map(({ name, value }) => entryOf(name, value))
  })
  for (const { name, start, end } of entries)
    // It would be lost with the entry, and who wrote it may need it.
    if (comments.some(comment => comment.start > start && comment.end < end))
      throw invalid(
        `no comment inside an entry that is rewritten`,
        `one in "${name}": put it above the entry`,
      )
  return { entries }
}

/**
 * Where servers stand: in "mcpServers" at any depth (Claude Desktop, Cursor, Windsurf and others; Claude Code has some for each
 * project); in "servers" at the top or below "mcp" (VS Code), because elsewhere the word means anything.
 */
const containersIn = (root: JsonNode): readonly JsonNode[] => [
  ...membersNamed(root, 'mcpServers'),
  ...[root, memberOf(root, 'mcp')].flatMap(node => memberOf(node, 'servers') ?? []),
]

const membersNamed = (node: JsonNode, wanted: string): readonly JsonNode[] => {
  if (node.kind === 'plain') return []
  if (node.kind === 'array') return node.items.flatMap(item => membersNamed(item, wanted))
  return node.members.flatMap(({ name, value }) => (name === wanted ? [value] : membersNamed(value, wanted)))
}

const entryOf = (name: string, node: JsonNode): ConfigEntry => {
  if (node.kind !== 'object') throw invalid(`an object for the server "${name}"`, 'another value')
  const value = valueOf(node) as Readonly<Record<string, unknown>>
  return { name, value, start: node.start, end: node.end }
}

const invalid = (expected: string, got: string): CordonError<ConnectErrorCode> =>
  new CordonError('CLIENT_CONFIG_INVALID', `client configuration: expected ${expected}, got ${got}`)
