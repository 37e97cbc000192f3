import { hash } from 'node:crypto'

import { canonicalJson } from './canonical-json.ts'

/**
 * What of a tool a model or a human is shown and a client goes by: all that MCP 2025-11-25 says of a `Tool`, but its name, by which it is
 * known, and `_meta`, in which servers and whoever stands between may write what differs from answer to answer.
 */
const members = [
  'title',
  'description',
  'icons',
  'inputSchema',
  'outputSchema',
  'annotations',
  'execution',
] as const

/** Of a pin in a catalogue, and of what is compared with it. */
export const definitionDigestPattern: RegExp = /^[\w-]{22}$/

/**
 * Which definition a tool has: 128 bits of SHA-256 of the RFC 8785 text of its title, description, icons, schemas, annotations and
 * execution, in base64url. Another order of members, other spellings of a number, members that MCP does not define, `_meta`, and an
 * `execution` that says no more than its absence are the same definition. What is behind the address of an icon nobody knows here.
 * @param tool one of an answer to `tools/list`, numbers as doubles
 * @throws Error where a member has no canonical text, such as a number beyond a double
 */
export const definitionDigest = (tool: Readonly<Record<string, unknown>>): string => {
  const definition = Object.fromEntries(
    members.flatMap(name => {
      const isSaid = Object.hasOwn(tool, name) && !(name === 'execution' && isDefault(tool[name]))
      return isSaid ? [[name, tool[name]]] : []
    }),
  )
  return hash('sha256', canonicalJson(definition), 'buffer').subarray(0, 16).toString('base64url')
}

/** Some libraries write what holds anyway: an update of one must not read as another tool. */
const isDefault = (execution: unknown): boolean =>
  typeof execution === 'object' &&
  execution !== null &&
  Object.entries(execution).every(([name, value]) => name === 'taskSupport' && value === 'forbidden')
