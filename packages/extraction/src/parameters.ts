/** One value of a call's arguments. */
export interface ExtractedParameter {
  /** Names joined by dots, `[]` for the items of a list, `*` for a name that is no word of the tool's; at most 64 characters. */
  readonly name: string
  /** As it is compared: in plain spelling and lower case; of a long text the beginning. */
  readonly value: string
}

/** More than tools have parameters; what goes past it is one value of a long list. */
const maxParameters = 16
const maxValues = 256
const maxDepth = 8
const maxNameCharacters = 64
const maxValueCharacters = 200
/** `address_line_2`; more are a number of something. */
const maxNameDigits = 3

/**
 * The values that a call was given, in their order and without repetitions: texts and numbers, also those in lists and
 * objects. Truth values and empty ones say nothing. Bounded; never throws.
 */
export const extractParameters = (args: Readonly<Record<string, unknown>>): readonly ExtractedParameter[] => {
  const found = new Map<string, ExtractedParameter>()
  let valuesLeft = maxValues

  const add = (name: string, value: string): void => {
    if (value !== '') found.set(`${name}\0${value}`, { name: name.slice(0, maxNameCharacters), value })
  }

  const read = (name: string, node: unknown, depth: number): void => {
    valuesLeft -= 1
    if (valuesLeft < 0 || depth > maxDepth || found.size >= maxParameters) return
    if (typeof node === 'string') add(name, comparable(node))
    else if (typeof node === 'number') add(name, String(node))
    else if (Array.isArray(node)) for (const item of node) read(`${name}[]`, item, depth + 1)
    else if (typeof node === 'object' && node !== null)
      for (const [member, value] of Object.entries(node)) {
        const shown = isIdentifier(member) ? member : '*'
        const path = name === '' ? shown : `${name}.${shown}`
        // Then it is itself something that the call was given.
        if (shown === '*') add(path, comparable(member))
        read(path, value, depth + 1)
      }
  }

  read('', args, 0)
  return [...found.values()]
}

/** Names end up where analysts read them, and an object's names can be data: mailboxes, numbers, sentences. */
const isIdentifier = (name: string): boolean =>
  /^[\p{L}_$][\p{L}\p{N}_$-]{0,39}$/u.test(name) && name.replaceAll(/\D/g, '').length <= maxNameDigits

const comparable = (text: string): string =>
  text.slice(0, maxValueCharacters).normalize('NFKC').trim().toLowerCase()
