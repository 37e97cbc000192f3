import { canonicalJson } from '@cordon/foundation'

import type { CallArguments, Extraction } from '../ports.ts'
import { isDeeperThan } from './json-depth.ts'

/** 1 MiB: more than an agent writes in one call; the time to look through it delays the calls beside it. */
const maxArgumentsBytes = 1024 * 1024
/** Levels of objects and lists; deeper than any tool's schema. */
const maxArgumentsDepth = 64
/** Far from any stack's end. */
const maxReadableDepth = 512

/** The one text of a call's arguments (RFC 8785), as far as they have one. */
export type CanonicalArguments = ReadableArguments | { readonly args?: never; readonly problem: string }

export interface ReadableArguments {
  readonly args: CallArguments
  readonly bytes: number
  readonly digest: Buffer
  /** What is wrong with them nevertheless. */
  readonly problem?: string
}

const isJsonObject = (value: unknown): value is CallArguments =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Their proof and what they are classified by look at the same text: it is made once. */
export const canonicalArguments = (
  args: unknown,
  { digest }: Pick<Extraction, 'digest'>,
): CanonicalArguments => {
  if (!isJsonObject(args)) return { problem: 'The arguments have to be a JSON object.' }
  const tooDeep = `The arguments may hold only at most ${maxArgumentsDepth} levels.`
  if (isDeeperThan(args, maxReadableDepth)) return { problem: tooDeep }
  let text: string
  try {
    text = canonicalJson(args)
  } catch {
    // RFC 8785 §3.2.2: numbers beyond a double and halves of surrogate pairs have no canonical text, so no digest.
    return { problem: 'The arguments may hold only numbers within a double and well-formed text.' }
  }
  const bytes = Buffer.byteLength(text)
  const readable = { args, bytes, digest: digest(text) }
  if (isDeeperThan(args, maxArgumentsDepth)) return { ...readable, problem: tooDeep }
  if (bytes <= maxArgumentsBytes) return readable
  return { ...readable, problem: `The arguments may have ${maxArgumentsBytes} bytes, and have ${bytes}.` }
}
