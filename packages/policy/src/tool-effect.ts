import { toolNameWords } from './tool-name-words.ts'
import {
  actingVerbs,
  closingVerbs,
  conjunctions,
  executingVerbs,
  irreversibleVerbs,
  nounVerbs,
  readingNouns,
  readingVerbs,
  thingVerbs,
  turningWords,
} from './tool-verbs.ts'

/**
 * What a tool does by its name: it reads, acts, acts past recall, or carries out what it is given; `unsaid` where no word
 * of the name says so.
 */
export type ToolEffect = 'reads' | 'acts' | 'irreversible' | 'executes' | 'unsaid'

const rank: readonly ToolEffect[] = ['unsaid', 'reads', 'acts', 'executes', 'irreversible']

/**
 * Any verb of acting wins, wherever it stands, then any word of reading. A word that is a noun as well counts as one where
 * a verb of reading stands before it (`get_order`, not `get_and_order`), where it only names a group (`order.get`), or where
 * it is a thing that is read last (`order_lookup`).
 */
export const toolEffect = (tool: string): ToolEffect => {
  const { words, inFront } = toolNameWords(tool)
  let effect: ToolEffect = 'unsaid'
  let isReadingBefore = false
  const isClosed = closingVerbs.has(words.at(-1) ?? '') && !words.some(word => conjunctions.has(word))
  for (const [position, word] of words.entries()) {
    const next = words[position + 1] ?? ''
    if (conjunctions.has(word) || position === inFront) isReadingBefore = false
    if (conjunctions.has(word)) continue
    const isTurned = turningWords.get(word)?.has(next) === true
    const isNoun =
      canBeNoun(word) && (isReadingBefore || position < inFront || (isClosed && thingVerbs.has(word)))
    const found = isTurned ? 'acts' : isNoun ? 'unsaid' : effectOfWord(word, position === words.length - 1)
    if (rank.indexOf(found) > rank.indexOf(effect)) effect = found
    isReadingBefore ||= !isTurned && readingVerbs.has(word)
  }
  return effect
}

const canBeNoun = (word: string): boolean => nounVerbs.has(word) || thingVerbs.has(word)

// What a name is about ends it: `flight_status` reads one, `status_setzen` says nothing that anybody here understands.
const effectOfWord = (word: string, isLast: boolean): ToolEffect => {
  if (executingVerbs.has(word)) return 'executes'
  if (irreversibleVerbs.has(word)) return 'irreversible'
  if (actingVerbs.has(word) || canBeNoun(word)) return 'acts'
  return readingVerbs.has(word) || (isLast && readingNouns.has(word)) ? 'reads' : 'unsaid'
}
