/** As long as a claim of our own tokens may be. */
const longestText = 512
/** The year 5138, in seconds since the Unix epoch: what counts milliseconds is far beyond. */
const noTimeSince = 1e11
/** Claims are texts and lists of texts; a provider that groups them needs a few levels more. */
const deepestClaim = 8

// What PostgreSQL's text and jsonb cannot hold (U+0000, half of a surrogate pair), and what nobody means in a name or a sentence.
const unkept = /[\p{Cc}\p{Cs}]/u

/**
 * Judges texts and times that come from outside and are kept: whoever takes one in asks here first, so that what the database would
 * refuse is refused where it came from.
 */
export const isKeptText = (value: unknown): value is string =>
  typeof value === 'string' && keptTextFault(value) === undefined

/** What is wrong with a text that is not kept, for whoever wrote it; `undefined`: nothing. */
export const keptTextFault = (text: string): string | undefined => {
  if (text.length === 0 || text.length > longestText)
    return `expected 1 to ${longestText} characters, got ${text.length}`
  const [odd] = unkept.exec(text) ?? []
  if (odd === undefined) return undefined
  const name = /[\r\n]/.test(odd) ? 'a line break' : `U+${hex(odd)}`
  return `expected printable characters in one line, got ${name}`
}

const hex = (character: string): string => character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')

/** Whether a text is a name that stands in a line, and in the scope of a kill switch, to the letter. */
export const isKeptName = (value: unknown): value is string =>
  isKeptText(value) && value.trim() === value && !/\p{C}/u.test(value)

/** Whether a value is a time in seconds since the Unix epoch: RFC 7519 §2 `NumericDate`, which may have fractions. */
export const isKeptTime = (value: unknown): value is number =>
  typeof value === 'number' && value >= 1 && value < noTimeSince

/** A time as it is kept: whole milliseconds since the Unix epoch, which order as the times do. @param seconds see `isKeptTime` */
export const keptMs = (seconds: number): number => Math.floor(seconds * 1000)

/** Whether a claim, of whatever form, can be kept as JSON. */
export const isKeptClaim = (value: unknown, levels: number = deepestClaim): boolean => {
  if (typeof value === 'string') return !unkept.test(value)
  if (typeof value !== 'object' || value === null) return true
  if (levels === 0) return false
  // Of a list the names are its places.
  return Object.entries(value).every(
    ([name, member]) => !unkept.test(name) && isKeptClaim(member, levels - 1),
  )
}
