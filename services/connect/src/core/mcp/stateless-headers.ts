import { type ClientMessage, type JsonObject, isJsonObject } from './client-message.ts'

const statelessVersion = '2026-07-28'
const versionKey = 'io.modelcontextprotocol/protocolVersion'

/** The member of `params` that `Mcp-Name` repeats, by method (MCP 2026-07-28). */
const nameSources: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
])

/** The version that a message of the stateless era names; `undefined` in one that names none. */
export const statedVersion = (params: JsonObject): string | undefined => {
  const meta = params['_meta']
  const version = isJsonObject(meta) ? meta[versionKey] : undefined
  return typeof version === 'string' ? version : undefined
}

/** What HTTP repeats of a message's body in MCP 2026-07-28. */
export const statelessHeaders = (
  message: Exclude<ClientMessage, { kind: 'response' }>,
): Readonly<Record<string, string>> => {
  const source = nameSources.get(message.method)
  const name = source === undefined ? undefined : message.params[source]
  return {
    'mcp-protocol-version': encodeHeaderValue(statedVersion(message.params) ?? statelessVersion),
    'mcp-method': encodeHeaderValue(message.method),
    ...(typeof name === 'string' && { 'mcp-name': encodeHeaderValue(name) }),
  }
}

const sentinel = '=?base64?'

/** What is no plain header text goes as Base64 (MCP 2026-07-28). */
export const encodeHeaderValue = (value: string): string =>
  /^[\u0021-\u007e](?:[\u0020-\u007e]*[\u0021-\u007e])?$/.test(value) && !value.startsWith(sentinel)
    ? value
    : `${sentinel}${base64(value)}?=`

const base64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), byte => String.fromCodePoint(byte)).join(''))
