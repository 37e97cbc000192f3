/** A name as its words, in lower case: snake, kebab, camel case. Escapes and digits stand between words. */
const wordsOf = (text: string): readonly string[] =>
  text
    .replaceAll(/%[0-9A-Fa-f]{2}/g, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean)

/** The words of a tool's name, and how many of them in front only say to what group it belongs: `calendar.add`, `db__query`. */
export interface ToolNameWords {
  readonly words: readonly string[]
  readonly inFront: number
}

/** @param tool with or without its server: the server's name says nothing of what its tools do */
export const toolNameWords = (tool: string): ToolNameWords => {
  const parts = tool
    .slice(tool.indexOf('/') + 1)
    .split(/[./:]|__/)
    .map(wordsOf)
    .filter(part => part.length > 0)
  return {
    words: parts.flat(),
    inFront: parts.slice(0, -1).reduce((sum, part) => sum + part.length, 0),
  }
}
