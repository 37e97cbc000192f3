import { endOfJsonString } from './json-string.ts'

const quote = 0x22
const openList = 0x5b
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d
const comma = 0x2c

export interface JsonBounds {
  /** Of lists and objects within each other. */
  readonly levels: number
  /** Members of objects and items of lists, all together. */
  readonly items: number
}

/**
 * What of a JSON text goes beyond its bounds, found without parsing it: parsers and writers of JSON call themselves once
 * per level, and deep text ends their stack; each item takes many times the memory of its text. Of a text that is no JSON
 * it says anything. Takes 1 ns per character at most, and no memory.
 */
export const jsonExcess = (text: string, { levels, items }: JsonBounds): keyof JsonBounds | undefined => {
  // Each level has an opening and an end, each item but the first of a list a comma.
  if (text.length <= 2 * levels && text.length <= items) return undefined
  let depth = 0
  let count = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfJsonString(text, at)
      if (at === -1) return undefined
    } else if (code === openList || code === openObject) {
      depth += 1
      count += 1
      if (depth > levels) return 'levels'
      if (count > items) return 'items'
    } else if (code === closeList || code === closeObject) depth -= 1
    else if (code === comma) {
      count += 1
      if (count > items) return 'items'
    }
  }
  return undefined
}

/** Whether a JSON text has lists and objects more than `limit` levels deep. */
export const isNestedDeeperThan = (text: string, limit: number): boolean =>
  text.length > 2 * limit &&
  jsonExcess(text, { levels: limit, items: Number.POSITIVE_INFINITY }) !== undefined
