import { hash } from 'node:crypto'

import { canonicalJson } from './canonical-json.ts'
import { isJsonObject } from './json-object.ts'

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
 * execution, in base64url. Another order of members, other spellings of a number, members that MCP does not define, `_meta`, an
 * `execution` or `icons` that say no more than their absence, and another query or fragment of an icon's address are the same definition.
 * What is behind the address of an icon nobody knows here.
 * @param tool one of an answer to `tools/list`, numbers as doubles
 * @throws Error where a member has no canonical text, such as a number beyond a double
 */
export const definitionDigest = (tool: Readonly<Record<string, unknown>>): string => {
  const definition = Object.fromEntries(
    members.flatMap(name => {
      const isSaid = Object.hasOwn(tool, name) && !isDefault(name, tool[name])
      return isSaid ? [[name, name === 'icons' ? lastingIcons(tool[name]) : tool[name]]] : []
    }),
  )
  return hash('sha256', canonicalJson(definition), 'buffer').subarray(0, 16).toString('base64url')
}

/** Some libraries write what holds anyway: an update of one must not read as another tool. */
const isDefault = (name: (typeof members)[number], value: unknown): boolean => {
  if (name === 'icons') return value === null || (Array.isArray(value) && value.length === 0)
  if (name !== 'execution' || !isJsonObject(value)) return false
  return Object.entries(value).every(([member, said]) => member === 'taskSupport' && said === 'forbidden')
}

/** Servers sign the addresses of their icons anew for each answer. */
const lastingIcons = (icons: unknown): unknown => {
  if (!Array.isArray(icons)) return icons
  return (icons as readonly unknown[]).map(icon => {
    if (!isJsonObject(icon) || !Object.hasOwn(icon, 'src') || typeof icon['src'] !== 'string') return icon
    return { ...icon, src: withoutQuery(icon['src']) }
  })
}

/** Of https alone, and http: in a `data:` address both characters may stand in the picture itself. */
const withoutQuery = (address: string): string =>
  /^https?:/i.test(address) ? address.replace(/[?#].*$/s, '') : address
