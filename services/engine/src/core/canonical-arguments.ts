import { canonicalJson, isJsonObject } from '@cordon/foundation'

import type { CallArguments, Extraction } from '../ports.ts'
import { argumentsExcess } from './arguments-excess.ts'
import type { Call } from './call-facts.ts'

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

/** Their proof and what they are classified by look at the same text: it is made once, and only within bounds. */
export const canonicalArguments = (
  { arguments: args, bytes: callBytes, areLeftOut = false, isInexact = false }: Call,
  { digest }: Pick<Extraction, 'digest'>,
): CanonicalArguments => {
  if (areLeftOut) return { problem: tooLong(`the call has ${callBytes}`) }
  if (!isJsonObject(args))
    return { problem: 'The arguments have to be a JSON object, and are another value.' }
  const excess = argumentsExcess(args, argumentBounds)
  if (excess !== undefined)
    return { problem: `The arguments may hold only ${excessInWords[excess]}.`, textless: 'beyond' }
  let text: string
  try {
    text = canonicalJson(args)
  } catch {
    // RFC 8785 §3.2.2: numbers beyond a double and halves of surrogate pairs have no canonical text, so no digest.
    const problem =
      'The arguments may hold only numbers within a double and well-formed text, and hold another value.'
    return { problem, textless: args }
  }
  const bytes = Buffer.byteLength(text)
  const readable = { args, bytes, digest: digest(text) }
  if (bytes > maxArgumentsBytes) return { ...readable, problem: tooLong(`have ${bytes}`) }
  return isInexact ? { ...readable, problem: inexact } : readable
}

// RFC 7493 §2.2: a server that reads digits beyond a double would act on another number than the one that was proved and judged.
const inexact =
  'The arguments may hold only numbers that are the same as a double (IEEE 754), and hold one with more digits. Send it as text.'

const tooLong = (got: string): string => `The arguments may have ${maxArgumentsBytes} bytes, and ${got}.`
