import { parseDocument } from './parse-document.ts'
import { plainText } from './plain-text.ts'
import { markOfPair, marksOfWord, plainWords, wordingBits } from './word-marks.ts'

const maxCharacters = 256 * 1024
const maxDepth = 32
const maxValues = 20_000

/** A line, cell or value of no more words is a field of something; what is longer is running text. */
const maxFieldWords = 4
/** What names something is short; a longer text is composed, or copied, as part of the work. */
const maxValueWords = 5
const maxValueCharacters = 200

// Lines, cells of tables, tags of markup.
const boundary = /[\n\r\t|<>]|[,;]$/
/** A name, and what it stands for. */
const nameEnd = /^["'`*]{0,3}:(?:\s|["'`*]{1,3}\s)/
const maxNameWords = 3

/**
 * Words of running text in a result, any JSON value or text, and which of them follow each other: as positions in a filter of
 * `wordingBits` bits. Fields of data are left out: what a call takes from those is work. Linear time, bounded; of a result beyond the
 * bounds every position, because anything may stand in what was not read.
 */
export const extractWording = (result: unknown): ReadonlySet<number> => {
  const marks = new Set<number>()
  let charactersLeft = maxCharacters
  let valuesLeft = maxValues
  let isWhole = true

  const read = (node: unknown, depth: number): void => {
    valuesLeft -= 1
    if (valuesLeft < 0 || depth > maxDepth) {
      isWhole = false
    } else if (typeof node === 'string') {
      const document = parseDocument(node, charactersLeft)
      if (document !== undefined) return read(document, depth + 1)
      if (node.length > charactersLeft) isWhole = false
      else markText(plainText(node, charactersLeft), marks)
      charactersLeft -= Math.min(node.length, charactersLeft)
    } else if (Array.isArray(node)) {
      for (const item of node) read(item, depth + 1)
    } else if (typeof node === 'object' && node !== null) {
      for (const member of Object.values(node)) read(member, depth + 1)
    }
    return undefined
  }

  read(result, 0)
  return isWhole ? marks : everyPosition
}

/** The positions that a value has in the filter of a text that it stands in. None where it has no word, or is a text itself. */
export const wordingOfValue = (value: string): readonly number[] => {
  if (value.length > maxValueCharacters) return []
  const marks = new Set<number>()
  let weight = 0
  let before: number | undefined = undefined
  for (const word of plainWords(plainText(value, maxValueCharacters))) {
    weight += word.weight
    if (weight > maxValueWords) return []
    mark(marks, before, word.hash)
    before = word.hash
  }
  return [...marks]
}

/** More positions would make single words look as if they had been asked for. */
const maxRequestPositions = 510

/**
 * Words of what a human asked for, wherever they stand, and which of them follow each other: as positions like those of a result. Some hundred and
 * seventy words, the first; what comes after them counts as not asked for.
 */
export const requestWording = (request: string): ReadonlySet<number> => {
  const marks = new Set<number>()
  let before: number | undefined = undefined
  for (const { hash } of plainWords(plainText(request, maxCharacters))) {
    if (marks.size + marksOfOneWord > maxRequestPositions) break
    mark(marks, before, hash)
    before = hash
  }
  return marks
}

/** Two of its own, and that it follows another. */
const marksOfOneWord = 3

const everyPosition: ReadonlySet<number> = new Set(Array.from({ length: wordingBits }, (_, at) => at))

const markText = (text: string, marks: Set<number>): void => {
  /** Words of what may be a field still. */
  let held: number[] = []
  let weight = 0
  let before: number | undefined = undefined
  for (const { hash, gap, weight: own } of plainWords(text)) {
    const isNamed = held.length <= maxNameWords && weight <= maxFieldWords && nameEnd.test(gap)
    if (isNamed || boundary.test(gap)) {
      held = []
      weight = 0
      before = undefined
    }
    weight += own
    if (weight <= maxFieldWords) {
      held.push(hash)
      continue
    }
    for (const word of held) {
      mark(marks, before, word)
      before = word
    }
    held = []
    mark(marks, before, hash)
    before = hash
  }
}

const mark = (marks: Set<number>, before: number | undefined, hash: number): void => {
  const [first, second] = marksOfWord(hash)
  marks.add(first)
  marks.add(second)
  if (before !== undefined) marks.add(markOfPair(before, hash))
}
