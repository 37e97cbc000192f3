/** Bits of a filter of words. */
export const wordingBits = 8192

const bitsMask = wordingBits - 1
const bitsPerWord = 13

/** One word of a text, as it is compared. */
export interface PlainWord {
  /** 32 bits. */
  readonly hash: number
  /** What stands between it and the word before it, or the text's beginning. */
  readonly gap: string
  /** How much of a text it is: a sign of a script without spaces is half a word. */
  readonly weight: number
}

const unspaced =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}'
// Signs of scripts without spaces stand alone; in other words points, hyphens and the like hold together what they stand between.
const word = new RegExp(
  `[${unspaced}]|[[\\p{L}\\p{N}]--[${unspaced}]](?:[[\\p{L}\\p{N}\\p{M}]--[${unspaced}]]|[\\-._@\\/:'’+](?=[\\p{L}\\p{N}])|,(?=\\d{3}))*`,
  'gv',
)

/** The words of a text in plain spelling; linear time. */
export function* plainWords(text: string): Generator<PlainWord> {
  let end = 0
  for (const { 0: found, index } of text.matchAll(word)) {
    const plain = comparable(found)
    yield { hash: hashWord(plain), gap: text.slice(end, index), weight: isSign(found) ? 0.5 : 1 }
    end = index + found.length
  }
}

/** Where a word stands in the filter: two bits. */
export const marksOfWord = (hash: number): readonly [number, number] => [
  hash & bitsMask,
  (hash >>> bitsPerWord) & bitsMask,
]

/** Where it stands that one word follows another. */
export const markOfPair = (before: number, hash: number): number =>
  scatter(Math.imul(before, 0x9e3779b1) ^ hash) & bitsMask

/** `1,000.50` and `1000.5` are one number. */
const comparable = (found: string): string => {
  if (!/^\d/.test(found)) return found.toLowerCase()
  const digits = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(found) ? found.replaceAll(',', '') : found
  return /^\d+\.\d+$/.test(digits) ? digits.replace(/\.?0{1,64}$/, '') : digits.toLowerCase()
}

const sign = new RegExp(`^[${unspaced}]$`, 'v')
const firstSign = 0x0e00
const isSign = (found: string): boolean => found.charCodeAt(0) >= firstSign && sign.test(found)

const hashWord = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return scatter(hash)
}

const scatter = (hash: number): number => {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
