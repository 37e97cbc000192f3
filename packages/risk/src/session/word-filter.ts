/** Bits of a filter; as engines write it, see `InvocationCompleted.wording`. */
export const wordingBits = 8192
export const wordingBytes: number = wordingBits / 8

const chunkFilters = 64
let chunk = new ArrayBuffer(0)
let taken = chunkFilters

// Memory outside of V8's heap is dear to get and to give back: filters share it by the chunk.
const emptyFilter = (): Uint8Array => {
  if (taken === chunkFilters) {
    chunk = new ArrayBuffer(chunkFilters * wordingBytes)
    taken = 0
  }
  taken += 1
  return new Uint8Array(chunk, (taken - 1) * wordingBytes, wordingBytes)
}

/** How many bits a byte has. */
const ones = new Uint8Array(256)
for (let byte = 1; byte < 256; byte += 1) ones[byte] = ones[byte >> 1]! + (byte & 1)

const low26 = 67108864

const positionsOf = (fingerprint: number): readonly [number, number, number, number] => {
  const high = Math.floor(fingerprint / low26)
  const low = fingerprint % low26
  return [high >> 13, high & (wordingBits - 1), low >> 13, low & (wordingBits - 1)]
}

/**
 * Which words of running text the session has read, and which of them follow each other: a Bloom filter (1970), so it may take a word
 * for read that was not, and never the other way round, however much is read. Entities that found no other place are in it too.
 */
export class WordFilter {
  #bytes: Uint8Array | undefined = undefined
  #size = 0

  get isEmpty(): boolean {
    return this.#bytes === undefined
  }

  /** @param wording positions of 16 bits each, or a bit for every position */
  add(wording: Uint8Array): void {
    if (wording.length === 0) return
    const bytes = (this.#bytes ??= emptyFilter())
    if (wording.length >= wordingBytes) {
      for (let at = 0; at < wordingBytes; at += 1) {
        const before = bytes[at]!
        const after = before | wording[at]!
        bytes[at] = after
        this.#size += ones[after]! - ones[before]!
      }
      return
    }
    for (let at = 0; at + 1 < wording.length; at += 2) {
      this.#set(bytes, (wording[at]! | (wording[at + 1]! << 8)) & (wordingBits - 1))
    }
  }

  /** Its fingerprint's 52 bits are four positions. */
  addEntity(fingerprint: number): void {
    const bytes = (this.#bytes ??= emptyFilter())
    for (const place of positionsOf(fingerprint)) this.#set(bytes, place)
  }

  holdsEntity(fingerprint: number): boolean {
    return this.#bytes !== undefined && this.holds(positionsOf(fingerprint))
  }

  /** Whether words with these positions may have been read; nothing is not. */
  holds(positions: readonly number[]): boolean {
    const bytes = this.#bytes
    if (bytes === undefined || positions.length === 0) return false
    for (const place of positions)
      if ((bytes[(place & (wordingBits - 1)) >> 3]! & (1 << (place & 7))) === 0) return false
    return true
  }

  /** How many positions it has. */
  get size(): number {
    return this.#size
  }

  /** Writes its positions, in ascending order. */
  positions(into: Uint16Array): void {
    const bytes = this.#bytes
    if (bytes === undefined) return
    const words = new DataView(bytes.buffer, bytes.byteOffset, wordingBytes)
    let count = 0
    for (let at = 0; at < wordingBytes; at += 4)
      // `bits & -bits` is the lowest of them.
      for (let bits = words.getUint32(at, true); bits !== 0; bits &= bits - 1)
        into[count++] = at * 8 + 31 - Math.clz32(bits & -bits)
  }

  /** A bit for every position; undefined where nothing was read. */
  get bytes(): Uint8Array | undefined {
    return this.#bytes
  }

  #set(bytes: Uint8Array, place: number): void {
    const bit = 1 << (place & 7)
    const before = bytes[place >> 3]!
    if ((before & bit) !== 0) return
    bytes[place >> 3] = before | bit
    this.#size += 1
  }
}
