import { canonicalJson } from '@cordon/foundation'

import type { CallArguments, Extraction } from '../ports.ts'
import { argumentsExcess } from './arguments-excess.ts'

/** 1 MiB: more than an agent writes in one call; the time to look through it delays the calls beside it. */
const maxArgumentsBytes = 1024 * 1024
const argumentBounds = {
  /** Deeper than any tool's schema, far from any stack's end. */
  levels: 64,
  /** More than any call lists; each takes longer than its text. */
  items: 10_000,
  characters: maxArgumentsBytes,
}
const excessInWords = {
  levels: `at most ${argumentBounds.levels} levels`,
  items: `at most ${argumentBounds.items} members and items`,
  characters: `at most ${argumentBounds.characters} characters`,
}

/** The one text of a call's arguments (RFC 8785), as far as they have one. */
export type CanonicalArguments = ReadableArguments | UnprovableArguments

export interface ReadableArguments {
  readonly args: CallArguments
  readonly bytes: number
  readonly digest: Buffer
  /** What is wrong with them nevertheless. */
  readonly problem?: string
}

/** Without a text nobody can have signed them. */
export interface UnprovableArguments {
  readonly args?: never
  readonly problem: string
  /** Within all bounds, so that they can be looked through; `beyond` any of them, so that they must not. */
  readonly textless?: CallArguments | 'beyond'
}

const isJsonObject = (value: unknown): value is CallArguments =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Their proof and what they are classified by look at the same text: it is made once, and only within bounds. */
export const canonicalArguments = (
  args: unknown,
  { digest }: Pick<Extraction, 'digest'>,
): CanonicalArguments => {
  if (!isJsonObject(args))
    return { problem: `The arguments have to be a JSON object of at most ${maxArgumentsBytes} bytes.` }
  const excess = argumentsExcess(args, argumentBounds)
  if (excess !== undefined)
    return { problem: `The arguments may hold only ${excessInWords[excess]}.`, textless: 'beyond' }
  let text: string
  try {
    text = canonicalJson(args)
  } catch {
    // RFC 8785 §3.2.2: numbers beyond a double and halves of surrogate pairs have no canonical text, so no digest.
    const problem = 'The arguments may hold only numbers within a double and well-formed text.'
    return { problem, textless: args }
  }
  const bytes = Buffer.byteLength(text)
  const readable = { args, bytes, digest: digest(text) }
  if (bytes <= maxArgumentsBytes) return readable
  return { ...readable, problem: `The arguments may have ${maxArgumentsBytes} bytes, and have ${bytes}.` }
}
