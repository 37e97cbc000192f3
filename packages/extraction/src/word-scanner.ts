/** What a scanner hands on: a word that may be an entity, or an address with a scheme. */
export interface WordSink {
  /** The word stands at `start` of the text. @returns where to go on reading, `end` or later */
  word(text: string, start: number, end: number): number
  address(address: string): void
}

const wordCharacter = 1
const telling = 2
const addressCharacter = 4
const letter = 8
const backslash = 0x5c
const colon = 0x3a

// ASCII only: a letter of another script that is glued to an address ends it, so that it is read alike in every text.
const classes = new Uint8Array(128)
const mark = (characters: string, bits: number): void => {
  for (const character of characters) {
    const code = character.charCodeAt(0)
    classes[code] = (classes[code] ?? 0) | bits
  }
}
mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', wordCharacter | addressCharacter | letter)
mark('_-+%~', wordCharacter | addressCharacter)
mark('0123456789.@/', wordCharacter | telling | addressCharacter)
mark('\\', wordCharacter | telling)
mark(':&=$!*', addressCharacter)

const classAt = (text: string, at: number): number => classes[text.charCodeAt(at)] ?? 0

/** Reads a text once from left to right; words without digit, dot, @ or slash are passed over. */
export const scanWords = (text: string, sink: WordSink): void => {
  let at = 0
  while (at < text.length) {
    if ((classAt(text, at) & wordCharacter) === 0) at += 1
    else at = scanWord(text, at, sink)
  }
}

const scanWord = (text: string, start: number, sink: WordSink): number => {
  const isDrive = (classAt(text, start) & letter) !== 0 && isDriveColon(text, start + 1)
  const isWindowsPath = isDrive || text.startsWith('\\\\', start)
  let seen = 0
  let at = isDrive ? start + 2 : start
  while (at < text.length) {
    const code = text.charCodeAt(at)
    const bits = classes[code] ?? 0
    if ((bits & wordCharacter) === 0 || (code === backslash && !isWindowsPath && isEscape(text, at))) break
    seen |= bits
    at += 1
  }
  if (text.startsWith('://', at)) return scanAddress(text, schemeStart(text, start, at), at + 3, sink)
  const next = (seen & telling) === 0 ? at : sink.word(text, start, at)
  return isEscape(text, next) && !isWindowsPath ? next + 2 : Math.max(next, start + 1)
}

const isDriveColon = (text: string, at: number): boolean =>
  text.charCodeAt(at) === colon &&
  (text.charAt(at + 1) === '\\' || (text.charAt(at + 1) === '/' && text.charAt(at + 2) !== '/'))

// Results are often JSON in a string: there `\n` stands for a line break and is no part of the word after it.
const isEscape = (text: string, at: number): boolean =>
  text.charCodeAt(at) === backslash && 'nrtbfu"'.includes(text.charAt(at + 1) || ' ')

const schemeStart = (text: string, start: number, colon: number): number => {
  let at = colon
  while (at > start && /[A-Za-z0-9+.-]/.test(text.charAt(at - 1))) at -= 1
  return at
}

// An address ends before its query, so that what the query carries is read as text of its own.
const scanAddress = (text: string, start: number, authority: number, sink: WordSink): number => {
  let at = authority
  while (at < text.length && (classAt(text, at) & addressCharacter) !== 0) at += 1
  sink.address(text.slice(start, at))
  return at
}
