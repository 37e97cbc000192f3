import type { EntityKind } from '@cordon/schemas'

import { endOfGroupedAccount } from './grouped-account.ts'
import { normaliseAccount } from './normal-form.ts'
import { addressEntities, type EntitySink, wordEntities } from './word-entities.ts'
import { scanWords, type WordSink } from './word-scanner.ts'

/** A value that can carry an instruction from a result into an argument, normalised: equal values are the same thing. */
export interface ExtractedEntity {
  readonly kind: EntityKind
  readonly value: string
}

export interface EntityExtraction {
  /** Without repetitions, in the order of their first mention. */
  readonly entities: readonly ExtractedEntity[]
  /** There was more than the bounds allow to read. */
  readonly overflow: boolean
}

const defaultLimit = 64

/** A quarter of a million characters take some milliseconds, on the proxy's and the engine's one thread. */
const maxCharacters = 256 * 1024
const maxDepth = 32
const maxValues = 20_000

/**
 * The entities of any JSON value or text: e-mail addresses, URLs and their hosts, account numbers, file paths, identifiers.
 * Time is linear in the size and bounded; never throws.
 */
export const extractEntities = (
  value: unknown,
  options: { readonly limit?: number } = {},
): EntityExtraction => {
  const limit = options.limit ?? defaultLimit
  const found = new Map<string, ExtractedEntity>()
  let charactersLeft = maxCharacters
  let valuesLeft = maxValues
  let overflow = false

  const add: EntitySink = (kind, entity) => {
    const key = `${kind}\0${entity}`
    if (entity === '' || found.has(key)) return
    if (found.size < limit) found.set(key, { kind, value: entity })
    else overflow = true
  }
  const words = createWordSink(add)

  const readText = (text: string): void => {
    if (text.length > charactersLeft) overflow = true
    const read = text.slice(0, charactersLeft)
    charactersLeft -= read.length
    scanWords(read, words)
  }

  const read = (node: unknown, depth: number): void => {
    valuesLeft -= 1
    if (overflow || valuesLeft < 0 || depth > maxDepth) {
      overflow = true
    } else if (typeof node === 'string') {
      const document = parseDocument(node, charactersLeft)
      if (document === undefined) readText(node)
      else read(document, depth + 1)
    } else if (typeof node === 'number' || typeof node === 'bigint') {
      readText(String(node))
    } else if (Array.isArray(node)) {
      for (const item of node) read(item, depth + 1)
    } else if (typeof node === 'object' && node !== null) {
      for (const [name, member] of Object.entries(node)) {
        // A name is mostly the tool's own word; it carries something only where it looks like an address.
        if (/[@/]/.test(name)) readText(name)
        read(member, depth + 1)
      }
    }
  }

  read(value, 0)
  return { entities: [...found.values()], overflow }
}

const createWordSink = (add: EntitySink): WordSink => ({
  word: (text, start, end) => {
    // `</div>` closes a tag and names no file.
    if (text.charAt(start) === '/' && text.charAt(start - 1) === '<') return end
    const groupEnd = end - start === 4 ? endOfGroupedAccount(text, start) : undefined
    if (groupEnd === undefined) wordEntities(text.slice(start, end), add)
    else add('account', normaliseAccount(text.slice(start, groupEnd)))
    return groupEnd ?? end
  },
  address: address => addressEntities(address, add),
})

// Tools answer with JSON in a string; read as the text that it is, its escapes would stick to the words after them.
const parseDocument = (text: string, longest: number): unknown => {
  if (text.length > longest || !/^\s{0,8}[[{"]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    // Text that only starts like JSON is read as text.
    return undefined
  }
}
