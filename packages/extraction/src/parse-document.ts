/** Tools answer with JSON in a string; read as the text that it is, its escapes would stick to the words after them. */
export const parseDocument = (text: string, longest: number): unknown => {
  if (text.length > longest || !/^\s{0,8}[[{"]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    // Text that only starts like JSON is read as text.
    return undefined
  }
}
