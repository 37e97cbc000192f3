import { isJsonObject } from './json-rpc.ts'

/**
 * Whether an object of a JSON text names a member twice. Parsers differ in which of the two they keep, so that a judge and a
 * tool server, or an agent, would read two messages.
 * @param value what `JSON.parse` made of the text, where it kept one of the two: so that the text has more colons outside of its
 * strings than the value has members. Looking at each name would take ten times as long.
 */
export const hasRepeatedMember = (text: string, value: unknown): boolean =>
  colonsOutsideStrings(text) !== countMembers(value)

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a

const colonsOutsideStrings = (json: string): number => {
  let colons = 0
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at)
    if (code === colon) colons += 1
    else if (code === quote) at = endOfString(json, at)
  }
  return colons
}

/** The text is known to be JSON: every string ends, and what a backslash stands before does not end it. */
const endOfString = (json: string, start: number): number => {
  let end = json.indexOf('"', start + 1)
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1)
  return end
}

const isEscaped = (json: string, at: number): boolean => {
  let before = at - 1
  while (json.charCodeAt(before) === backslash) before -= 1
  return (at - before) % 2 === 0
}

const countMembers = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countMembers(item), 0)
  if (!isJsonObject(value) || isRawJson(value)) return 0
  let members = 0
  for (const name in value) members += 1 + countMembers(value[name])
  return members
}

/** A number that was kept with its digits looks like an object. */
const isRawJson = (value: object): boolean =>
  (JSON as unknown as { isRawJSON(value: object): boolean }).isRawJSON(value)
