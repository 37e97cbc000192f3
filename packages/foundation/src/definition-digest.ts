import { hash } from 'node:crypto'

import { canonicalJson } from './canonical-json.ts'

/** What of a tool a model is shown and a client goes by (MCP, `tools/list`); a tool is known by its name. */
const members = ['title', 'description', 'inputSchema', 'outputSchema', 'annotations'] as const

/** Of a pin in a catalogue, and of what is compared with it. */
export const definitionDigestPattern: RegExp = /^[\w-]{22}$/

/**
 * Which definition a tool has: 128 bits of SHA-256 of the RFC 8785 text of its title, description, schemas and annotations, in
 * base64url. Another order of members, other spellings of a number, and members that MCP does not define are the same definition.
 * @param tool one of an answer to `tools/list`, numbers as doubles
 * @throws Error where a member has no canonical text, such as a number beyond a double
 */
export const definitionDigest = (tool: Readonly<Record<string, unknown>>): string => {
  const definition = Object.fromEntries(
    members.flatMap(name => (Object.hasOwn(tool, name) ? [[name, tool[name]]] : [])),
  )
  return hash('sha256', canonicalJson(definition), 'buffer').subarray(0, 16).toString('base64url')
}
