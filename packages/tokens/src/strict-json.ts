/**
 * Parses a JSON object, refusing a repeated member name at any depth: two readers that keep different ones of the
 * duplicates would verify one thing and act on another (RFC 8259 §4, RFC 7519 §4).
 * @returns `undefined` where the text is no such object
 */
export const parseStrictJsonObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Any text may come here; what is no JSON is the caller's to refuse.
    return undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  // What is written again as it was read has no member that the reading left out; so do most tokens, and sooner.
  if (JSON.stringify(value) === text) return value as Record<string, unknown>
  return hasRepeatedName(text) ? undefined : (value as Record<string, unknown>)
}

// The text is known to be JSON, so a string that a colon follows is a member name of the innermost open object.
const hasRepeatedName = (json: string): boolean => {
  const open: Set<string>[] = []
  const tokens = /"(?:[^"\\]|\\.)*"|[{}]/g
  for (let match = tokens.exec(json); match !== null; match = tokens.exec(json)) {
    const [token] = match
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (isFollowedByColon(json, tokens.lastIndex)) {
      const names = open.at(-1)
      const name = JSON.parse(token) as string
      if (names === undefined || names.has(name)) return true
      names.add(name)
    }
  }
  return false
}

const isFollowedByColon = (json: string, from: number): boolean => {
  let at = from
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at += 1
  return json[at] === ':'
}
