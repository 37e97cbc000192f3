import { isJsonObject, isNestedDeeperThan } from '@cordon/foundation'

// Recorders differ in how they write what they saw. What one can mean is read as that; nothing is left out for its form.

/** Levels of lists and objects: of a line, and of arguments that stand in it as a text, which has levels of its own. */
export const maxNesting = 500

/** Arguments as an object: also where they are its text; a list or anything else is the one argument `args`. */
export const looseArguments = (value: unknown): Readonly<Record<string, unknown>> => {
  if (value === null || value === undefined || value === '') return {}
  const read = typeof value === 'string' ? parsed(value) : value
  return withWholeCharacters(isJsonObject(read) ? read : { args: read })
}

const parsed = (text: string): unknown => {
  if (isNestedDeeperThan(text, maxNesting)) return text
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) || Array.isArray(value) ? value : text
  } catch {
    return text
  }
}

/**
 * Recorders cut texts, and some do so within a character outside the basic plane: the half that is left at the end of a
 * text was not in it. Halves anywhere else were.
 */
const withWholeCharacters = <Value>(value: Value): Value => {
  if (typeof value === 'string') return value.replace(/[\uD800-\uDBFF]$/, '') as Value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withWholeCharacters) as Value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withWholeCharacters(member)]),
  ) as Value
}

/** A result as text. */
export const looseText = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const noFailure = /^(?:|0|false|no|none|null|ok|success)$/i

/** Whether a call failed: true, a message, or anything else that says so. */
export const looseFailure = (value: unknown): boolean => {
  if (typeof value === 'string') return !noFailure.test(value.trim())
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

/** What an agent reads where a call failed: the message, where there is one. @param message that stands beside an error without */
export const looseMessage = (error: unknown, message: unknown): string => {
  if (!looseFailure(error)) return ''
  return looseText(error === true || typeof error === 'number' ? message : error)
}

/** A size; `undefined` where it is none. */
export const looseSize = (value: unknown, most: number): number | undefined =>
  typeof value === 'number' && value >= 0 ? Math.min(Math.round(value), most) : undefined

/** What calls of one step have in common; `undefined` where the recording does not say. */
export const looseStep = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined

/** A time in milliseconds since the Unix epoch: ISO 8601, or seconds or milliseconds since then. */
export const looseTime = (value: unknown): number | undefined => {
  const time =
    typeof value === 'number'
      ? value < 1e11
        ? value * 1000
        : value
      : Date.parse(typeof value === 'string' ? value : '')
  return Number.isFinite(time) ? time : undefined
}
