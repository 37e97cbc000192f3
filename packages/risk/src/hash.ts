const low32 = 4294967296

/**
 * Deterministic 52-bit hash of a text; not cryptographic, so whoever chooses the text can choose a collision.
 * @param seed keeps texts of different sorts apart
 */
export const hashText = (text: string, seed = 0): number => {
  // Spread over all bits: a small seed would only do what another first character does.
  const spread = Math.imul(seed, 0x9e3779b1)
  let a = 0xdeadbeef ^ spread ^ text.length
  let b = 0x41c6ce57 ^ spread
  // Two UTF-16 units a step.
  for (let index = 0; index < text.length; index += 2) {
    const units = text.charCodeAt(index) | (index + 1 < text.length ? text.charCodeAt(index + 1) << 16 : 0)
    a = Math.imul(a ^ units, 0x9e3779b1)
    a ^= a >>> 15
    b = Math.imul(b ^ units, 0x5f356495)
    b ^= b >>> 13
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return (b & 0xfffff) * low32 + (a >>> 0)
}

/** One 32-bit key for an ordered pair of keys. */
export const mixHashes = (first: number, second: number): number => {
  let mixed = Math.imul(first ^ Math.imul(second, 0x9e3779b1), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35)
  return mixed ^ (mixed >>> 13)
}

const maxRemembered = 4096
const remembered = new Map<string, number>()

/**
 * 32-bit key of a name that comes again and again (tools, servers, engines). Remembers the keys of names it has seen,
 * which changes no result. Signed, because that is what the engine keeps unboxed.
 */
export const nameKey = (name: string): number => {
  const known = remembered.get(name)
  if (known !== undefined) return known
  const key = hashText(name) | 0
  if (remembered.size >= maxRemembered) remembered.clear()
  remembered.set(name, key)
  return key
}
