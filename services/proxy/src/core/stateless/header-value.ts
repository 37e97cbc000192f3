const prefix = '=?base64?'
const suffix = '?='

/** RFC 4648 §4, padded: two spellings of one value would be two values to whatever routes by them. */
const canonical = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** A value as MCP 2026-07-28 has it in `Mcp-Name` and `Mcp-Param-*`: what is no plain header text goes as Base64. */
export const encodeHeaderValue = (value: string): string =>
  /^[\u0021-\u007e](?:[\u0020-\u007e]*[\u0021-\u007e])?$/.test(value) && !value.startsWith(prefix)
    ? value
    : prefix +
      btoa(Array.from(new TextEncoder().encode(value), byte => String.fromCodePoint(byte)).join('')) +
      suffix

/** @returns `undefined` where the Base64 is none, or no UTF-8 */
export const decodeHeaderValue = (header: string): string | undefined => {
  if (!header.startsWith(prefix) || !header.endsWith(suffix)) return header
  const encoded = header.slice(prefix.length, -suffix.length)
  if (!canonical.test(encoded)) return undefined
  try {
    const bytes = Uint8Array.from(atob(encoded), character => character.codePointAt(0)!)
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
