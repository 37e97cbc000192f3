import { foldConfusables } from './confusables.ts'

/** `%25252F` is a slash after three rounds; whoever nests deeper reaches no server that undoes it. */
const maxRounds = 3

const other = /[^\0-\u007F]|%[2-9a-f][\da-f]/i
const unseen = /\p{Default_Ignorable_Code_Point}+/gu
// Sorting a long run of combining marks takes quadratic time; no word has as many as are taken at once.
const foreignRun = /[\0-\u007F]?[^\0-\u007F]{1,64}/gu
/** Stands for a dot between the labels of a host (UTS 46 §4). */
const ideographicDot = /\u3002/g

const escapedAscii = /%[2-7][\da-f]/gi
// What divides a text (space, quotes, `?`, `#`) stays escaped: it would end the word, and make one address of two.
const joining = /[\w.@/\\+%~:&=$!*-]/
const escapedUtf8 = /%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}/gi

/**
 * A text as it is compared: compatibility forms (fullwidth letters, ligatures) and letters that only look Latin in plain
 * spelling, without characters that nobody sees, percent-escapes and `(at)` resolved. Linear time. @returns at most `longest` characters
 */
export const plainText = (text: string, longest: number): string => {
  let plain = spelledOut.test(text) ? resolveSpelledOut(text.slice(0, longest)) : text.slice(0, longest)
  for (let round = 0; round < maxRounds && other.test(plain); round += 1) {
    const folded = foldForms(plain).slice(0, longest)
    plain = resolveEscapes(folded)
    // Only what stood escaped can need another round.
    if (plain === folded) break
  }
  return plain
}

const spelledOut = /[([{] {0,2}(?:at|dot|@|\.) {0,2}[)\]}]/i

/** `eve (at) evil [dot] example`, as people write against harvesters, and `evil[.]example`, as they do where nobody shall follow a link. */
const resolveSpelledOut = (text: string): string =>
  text.replaceAll(/ {0,2}[([{] {0,2}(at|dot|@|\.) {0,2}[)\]}] {0,2}/gi, (_, word: string) =>
    /^(?:at|@)$/i.test(word) ? '@' : '.',
  )

const foldForms = (text: string): string =>
  foldConfusables(
    text
      .replaceAll(unseen, '')
      .replaceAll(foreignRun, run => run.normalize('NFKC'))
      .replaceAll(ideographicDot, '.'),
  )

const resolveEscapes = (text: string): string =>
  text.replaceAll(escapedUtf8, resolveUtf8).replaceAll(escapedAscii, escaped => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
    return joining.test(character) ? character : escaped
  })

const resolveUtf8 = (escaped: string): string => {
  try {
    return decodeURIComponent(escaped)
  } catch {
    // No character: an overlong form or half of a surrogate pair.
    return escaped
  }
}
