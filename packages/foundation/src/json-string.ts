const quote = '"'
const backslash = 0x5c

/** @param start of a string in a JSON text: its first quote @returns where its last one is; -1 where it has none */
export const endOfJsonString = (text: string, start: number): number => {
  let end = text.indexOf(quote, start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf(quote, end + 1)
  return end
}

const isEscaped = (text: string, at: number): boolean => {
  let before = at - 1
  while (text.charCodeAt(before) === backslash) before -= 1
  return (at - before) % 2 === 0
}
