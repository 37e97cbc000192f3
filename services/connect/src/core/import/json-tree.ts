import { CordonError } from '@cordon/foundation'

import type { ConnectErrorCode } from '../error-code.ts'

/** JSON with the place of each value in its text, so that one can be changed and the rest stays as it is, byte for byte. */
export type JsonNode = Place &
  (
    | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
    | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
    | { readonly kind: 'plain'; readonly value: string | number | boolean | null }
  )

export interface Place {
  readonly start: number
  /** Behind its last character. */
  readonly end: number
}

export interface JsonMember {
  readonly name: string
  readonly value: JsonNode
}

export interface JsonTree {
  readonly root: JsonNode
  /** What editors allow in their own files beside JSON. */
  readonly comments: readonly Place[]
}

const deepest = 100
const space = /[\t\n\r ]+/y
const comment = /\/\/[^\n\r]*|\/\*[^]*?\*\//y
const text = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
const word = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

/**
 * Reads JSON, with the comments and the commas before a closing bracket that editors allow.
 * @throws CordonError `CLIENT_CONFIG_INVALID`, which names the line; also where an object names a member twice
 */
export const parseJsonTree = (source: string): JsonTree => {
  let at = source.startsWith('\u{feff}') ? 1 : 0
  const comments: Place[] = []

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(source)?.[0]
    if (found !== undefined) at += found.length
    return found
  }

  const skip = (): void => {
    for (;;) {
      take(space)
      const start = at
      if (take(comment) === undefined) return
      comments.push({ start, end: at })
    }
  }

  const fail = (expected: string): never => {
    const line = source.slice(0, at).split(/\r\n|\n|\r/).length
    const got = at >= source.length ? 'its end' : 'something else'
    throw new CordonError<ConnectErrorCode>(
      'CLIENT_CONFIG_INVALID',
      `line ${line}: expected ${expected}, got ${got}`,
    )
  }

  const takeMark = (mark: string): boolean => {
    if (source[at] !== mark) return false
    at += 1
    return true
  }

  /** @param readOne reads what stands between two commas */
  const readList = (closing: string, readOne: () => void): void => {
    at += 1
    skip()
    while (!takeMark(closing)) {
      readOne()
      skip()
      if (takeMark(',')) skip()
      else if (source[at] !== closing) fail(`"," or "${closing}"`)
    }
  }

  const readName = (): string => {
    const name = take(text) ?? fail('the name of a member')
    skip()
    if (!takeMark(':')) fail('":"')
    skip()
    return JSON.parse(name) as string
  }

  const read = (depth: number): JsonNode => {
    if (depth > deepest) fail(`at most ${deepest} levels`)
    const start = at
    if (source[at] === '{') {
      const members: JsonMember[] = []
      const names = new Set<string>()
      readList('}', () => {
        const name = readName()
        if (names.has(name)) fail(`the member "${name}" once`)
        names.add(name)
        members.push({ name, value: read(depth + 1) })
      })
      return { kind: 'object', members, start, end: at }
    }
    if (source[at] === '[') {
      const items: JsonNode[] = []
      readList(']', () => items.push(read(depth + 1)))
      return { kind: 'array', items, start, end: at }
    }
    const plain = take(text) ?? take(word) ?? fail('a value')
    return { kind: 'plain', value: JSON.parse(plain) as string, start, end: at }
  }

  skip()
  const root = read(0)
  skip()
  if (at < source.length) fail('nothing more')
  return { root, comments }
}

/** The value that a node stands for. */
export const valueOf = (node: JsonNode): unknown => {
  if (node.kind === 'plain') return node.value
  if (node.kind === 'array') return node.items.map(valueOf)
  return Object.fromEntries(node.members.map(({ name, value }) => [name, valueOf(value)]))
}

export const memberOf = (node: JsonNode | undefined, name: string): JsonNode | undefined =>
  node?.kind === 'object' ? node.members.find(member => member.name === name)?.value : undefined
