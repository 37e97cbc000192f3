import { jsonExcess } from '@cordon/foundation'

import { hasRepeatedMember } from './repeated-member.ts'

/** Levels of lists and objects that a message may have. No tool needs as many, and no stack ends there. */
export const maxNesting = 500

/** Members and items that a message of an agent may have: each takes many times the memory of its text. */
const maxAgentItems = 20_000

/** JSON that has more members and items than an agent may send. */
export class ItemsError extends SyntaxError {
  constructor() {
    super(`expected at most ${maxAgentItems} members and items, got more`)
  }
}

/** JSON that is nested deeper than `maxNesting`. */
export class NestingError extends SyntaxError {
  constructor() {
    super(`expected at most ${maxNesting} levels of nesting, got more`)
  }
}

/** JSON that names a member of an object twice. */
export class RepeatedMemberError extends SyntaxError {
  constructor() {
    super('expected each member name of an object once, got one twice')
  }
}

/**
 * Parses JSON so that writing it again gives back the digits that came: tools get `12345678901234567890` and `1.0` as the
 * agent sent them, not what is left of them in a double. What is forwarded is always written from what was judged; the
 * agent's own bytes never are, because two parsers may read them differently. What names a
 * member twice has no one meaning, and no honest author.
 *
 * @throws NestingError; RepeatedMemberError; SyntaxError where it is no JSON
 */
export const parseExactJson = (text: string): unknown => parseBounded(text, Number.POSITIVE_INFINITY)

/** The same of an agent, who may be anybody. @throws ItemsError too */
export const parseAgentJson = (text: string): unknown => parseBounded(text, maxAgentItems)

const parseBounded = (text: string, items: number): unknown => {
  const excess = jsonExcess(text, { levels: maxNesting, items })
  if (excess !== undefined) throw excess === 'levels' ? new NestingError() : new ItemsError()
  const value: unknown = mayLoseDigits.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
  if (hasRepeatedMember(text, value)) throw new RepeatedMemberError()
  return value
}

// More digits than a double keeps, an ending zero of a fraction, a small fraction, an exponent, a negative zero. Also true
// for such text inside strings, which then only takes the slower way.
const mayLoseDigits = /[\d.]{16}|\.\d*0(?!\d)|\.0{6}|\d[eE]|-0/

const keepDigits = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
  const source = context?.source
  return typeof value === 'number' && source !== undefined && source !== String(value)
    ? rawJson(source)
    : value
}

/** ES2026, in Node since 22; the compiler's library of ES2024 does not know it yet. */
const rawJson = (text: string): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text)

/** The digits of a number that was kept as it came; `undefined` for every other value. */
export const rawDigits = (value: unknown): string | undefined =>
  (JSON as unknown as { isRawJSON(value: unknown): value is { readonly rawJSON: string } }).isRawJSON(value)
    ? value.rawJSON
    : undefined
