import type { EntityExtraction, EntityOptions, ExtractedEntity } from './extracted-entity.ts'
import { endOfGroupedAccount, endOfPhone } from './grouped-account.ts'
import type { Implication } from './implied-entities.ts'
import { normaliseAccount } from './normal-form.ts'
import { parseDocument } from './parse-document.ts'
import { plainText } from './plain-text.ts'
import { addressEntities, type EntitySink, wordEntities } from './word-entities.ts'
import { scanWords, type WordSink } from './word-scanner.ts'

const defaultLimit = 64

/**
 * A quarter of a million characters take some milliseconds, tens of them where all need respelling, on the proxy's and the
 * engine's one thread.
 */
const maxCharacters = 256 * 1024
const maxDepth = 32
const maxValues = 20_000

/**
 * The entities that stand in a value, and after them what these imply, which never takes the place of what is written. Time
 * is linear in the size and bounded; never throws.
 */
export const findEntities = (
  value: unknown,
  impliedBy: Implication,
  options: EntityOptions,
): EntityExtraction => {
  const limit = options.limit ?? defaultLimit
  const found = new Map<string, ExtractedEntity>()
  let charactersLeft = maxCharacters
  let valuesLeft = maxValues
  let overflow = false

  const add: EntitySink = (kind, entity) => {
    // Accounts are written in capitals; all else is said and typed in whatever case.
    const value = kind === 'account' ? entity : entity.toLowerCase()
    const key = `${kind}\0${value}`
    if (value === '' || found.has(key)) return
    if (found.size < limit) found.set(key, { kind, value })
    else overflow = true
  }
  const words = createWordSink(add)

  const readText = (text: string): void => {
    const plain = plainText(text.slice(0, charactersLeft), charactersLeft + 1)
    // Costs its own length where its plain spelling is shorter, and the other way round.
    const length = Math.max(text.length, plain.length)
    if (length > charactersLeft) overflow = true
    charactersLeft -= Math.min(length, charactersLeft)
    scanWords(plain, words)
  }

  const read = (node: unknown, depth: number): void => {
    valuesLeft -= 1
    if (overflow || valuesLeft < 0 || depth > maxDepth) {
      overflow = true
    } else if (typeof node === 'string') {
      const document = parseDocument(node, charactersLeft)
      if (document === undefined) readText(node)
      else read(document, depth + 1)
    } else if (typeof node === 'number' || typeof node === 'bigint') {
      readText(String(node))
    } else if (Array.isArray(node)) {
      for (const item of node) read(item, depth + 1)
    } else if (typeof node === 'object' && node !== null) {
      for (const [name, member] of Object.entries(node)) {
        // A name is mostly the tool's own word; it carries something only where it looks like an address.
        if (/[@/%\u0080-\uFFFF]/.test(name)) readText(name)
        read(member, depth + 1)
      }
    }
  }

  read(value, 0)
  for (const entity of [...found.values()].flatMap(written => impliedBy(written)))
    if (found.size < limit) found.set(`${entity.kind}\0${entity.value}`, entity)
  return { entities: [...found.values()], overflow }
}

const createWordSink = (add: EntitySink): WordSink => ({
  word: (text, start, end) => {
    // `</div>` closes a tag and names no file.
    if (text.charAt(start) === '/' && text.charAt(start - 1) === '<') return end
    const phoneEnd = endOfPhone(text, start)
    if (phoneEnd !== undefined) add('account', text.slice(start, phoneEnd).replaceAll(/\D/g, ''))
    if (phoneEnd !== undefined) return Math.max(phoneEnd, end)
    const groupEnd = end - start === 4 ? endOfGroupedAccount(text, start) : undefined
    if (groupEnd === undefined) wordEntities(text.slice(start, end), add)
    else add('account', normaliseAccount(text.slice(start, groupEnd)))
    return groupEnd ?? end
  },
  address: address => addressEntities(address, add),
})
