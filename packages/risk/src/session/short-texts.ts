const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A power of two. */
const places = 4096
const remembered: string[] = Array.from({ length: places }, () => '')

/**
 * The text that UTF-8 bytes hold. Names of agents, roles and tools come again with every state that is read: the text of the last
 * time costs a comparison, and whoever looks something up by it finds its hash computed. Which are remembered changes no result.
 * @throws TypeError where they are no UTF-8
 */
export const textOf = (bytes: Uint8Array, start: number, end: number): string => {
  let hash = end - start
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!
    if (byte > 0x7f) return decoder.decode(bytes.subarray(start, end))
    hash = Math.imul(hash ^ byte, 0x01000193)
  }
  const place = (hash ^ (hash >>> 15)) & (places - 1)
  const held = remembered[place]!
  if (isText(held, bytes, start, end)) return held
  const text = String.fromCharCode(...bytes.subarray(start, end))
  remembered[place] = text
  return text
}

const isText = (text: string, bytes: Uint8Array, start: number, end: number): boolean => {
  if (text.length !== end - start) return false
  for (let at = start; at < end; at += 1) if (text.charCodeAt(at - start) !== bytes[at]) return false
  return true
}
