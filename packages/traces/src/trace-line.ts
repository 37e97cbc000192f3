import { isNestedDeeperThan } from '@cordon/foundation'
import { z } from 'zod'

import { maxNesting } from './loose-fields.ts'
import { parseTraceSession, type TraceOptions, type TraceSession } from './trace-session.ts'

/** A line's session, or why there is none. */
type TraceLine =
  { readonly ok: true; readonly session: TraceSession } | { readonly ok: false; readonly reason: string }

/** One odd line may have thousands of problems. */
const namedProblems = 3

/** @param text `undefined`: a line longer than `maxBytes` */
export const readTraceLine = (
  text: string | undefined,
  maxBytes: number,
  options: TraceOptions = {},
): TraceLine => {
  if (text === undefined) return { ok: false, reason: `expected at most ${maxBytes} bytes, got more` }
  if (isNestedDeeperThan(text, maxNesting))
    return { ok: false, reason: `expected at most ${maxNesting} levels of nesting, got more` }
  try {
    // Trimmed of a byte order mark, too.
    return { ok: true, session: parseTraceSession(JSON.parse(text.trim()), options) }
  } catch (error) {
    if (error instanceof z.ZodError) return { ok: false, reason: describe(error.issues) }
    if (!(error instanceof SyntaxError)) throw error
    return { ok: false, reason: 'expected one JSON object, got text that is no JSON' }
  }
}

const describe = (issues: readonly z.core.$ZodIssue[]): string => {
  const named = issues.slice(0, namedProblems).map(describeIssue)
  const more = issues.length - named.length
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join('; ')
}

const describeIssue = ({ path, message, input }: z.core.$ZodIssue): string => {
  const text = message
    .replace(/^[\w ]+: (?=expected)/, '')
    .replace(/, received undefined$/, ', got nothing')
    .replace(', received ', ', got ')
  // Only numbers are repeated: strings are what somebody's agent said.
  const got = typeof input === 'number' && !text.includes(', got ') ? `, got ${input}` : ''
  return `${path.length === 0 ? 'line' : path.join('.')}: ${text}${got}`
}
