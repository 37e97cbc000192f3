const replacement = 0xfffd

const bytesOf = (codePoint: number): number =>
  codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4

// Control, bidirectional and invisible characters would let a name draw on an analyst's terminal.
const isPrintable = (codePoint: number): boolean =>
  codePoint >= 0x20 &&
  !(codePoint >= 0x7f && codePoint < 0xa0) &&
  !/\p{C}|\p{Zl}|\p{Zp}/u.test(String.fromCodePoint(codePoint))

/** The text, made safe to print and cut (with an ellipsis) to what fits into so many bytes of UTF-8. */
export const fitText = (text: string, maxBytes: number): string => {
  if (text.length <= maxBytes && /^[\x20-\x7e]*$/.test(text)) return text
  let fitted = ''
  let cut = ''
  let bytes = 0
  for (const character of text) {
    const codePoint = character.codePointAt(0)!
    const shown = isPrintable(codePoint) ? codePoint : replacement
    if (bytes + bytesOf(shown) > maxBytes) return `${cut}…`
    fitted += String.fromCodePoint(shown)
    bytes += bytesOf(shown)
    if (bytes <= maxBytes - 3) cut = fitted
  }
  return fitted
}
