import type { Random } from '@cordon/foundation'

const longest = 4096
/** Edges of numbers, and what means something to one of the readers. */
const textWords: readonly string[] = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '.',
  '\\',
  '\n',
  '\r',
  '\0',
  '\r\n',
  '__proto__',
  '1e999',
  '-0',
  '1.0',
  '\\u0061',
  '"method":"tools/call"',
  '"params":{}',
  '"id":1',
  'data: ',
  'event: ',
  'id: ',
  'retry: ',
  '\u{feff}',
  'e30',
]
const hexWords: readonly string[] = [
  '00',
  '7f',
  '80',
  'ff',
  '00000000',
  '7fffffff',
  '80000000',
  'ffffffff',
  'ffffffff0f',
  '0000000000000001',
]
const words: readonly Buffer[] = [
  ...textWords.map(word => Buffer.from(word)),
  ...hexWords.map(word => Buffer.from(word, 'hex')),
]

/** One to eight small changes of an input, or of two that are joined. */
export const mutate = (corpus: readonly Buffer[], random: Random): Buffer => {
  let bytes = pick(corpus, random)
  for (let left = 1 + Math.floor(random() ** 2 * 8); left > 0; left -= 1) {
    const at = Math.floor(random() * (bytes.length + 1))
    bytes = pick(changes, random)(bytes, at, random, corpus).subarray(0, longest)
  }
  return bytes
}

type Change = (bytes: Buffer, at: number, random: Random, corpus: readonly Buffer[]) => Buffer

const splice = (bytes: Buffer, at: number, remove: number, insert: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)])

const shortLength = (random: Random): number => Math.floor(random() ** 3 * 32)

const changes: readonly Change[] = [
  (bytes, at, random) =>
    splice(bytes, at, 1, Buffer.from([(bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))])),
  (bytes, at, random) => splice(bytes, at, 1, Buffer.from([Math.floor(random() * 256)])),
  (bytes, at, random) => splice(bytes, at, 0, pick(words, random)),
  (bytes, at, random) => {
    const word = pick(words, random)
    return splice(bytes, at, word.length, word)
  },
  (bytes, at, random) => splice(bytes, at, 1 + shortLength(random), Buffer.alloc(0)),
  (bytes, at, random) => splice(bytes, at, 0, bytes.subarray(at, at + 1 + shortLength(random))),
  (bytes, at, random, corpus) => {
    const other = pick(corpus, random)
    return splice(bytes, at, bytes.length, other.subarray(Math.floor(random() * other.length)))
  },
]

const pick = <Item>(items: readonly Item[], random: Random): Item =>
  items[Math.floor(random() * items.length)]!
