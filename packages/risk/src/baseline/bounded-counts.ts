// Keeps a count within nine digits, so that what is stored stays bounded.
const maxCount = 999_999_999

/**
 * Counts by key, for so many keys. When it is full the smallest count gives way, of equal ones the least recently used; a
 * key that comes back starts anew, so nothing is ever counted too high.
 */
export class BoundedCounts<Key> {
  readonly #capacity: number
  readonly #counts: Map<Key, number>

  /** @param held least recently used first */
  constructor(capacity: number, held: readonly (readonly [Key, number])[] = []) {
    this.#capacity = capacity
    this.#counts = new Map(capacity === 0 ? [] : held.slice(-capacity))
  }

  add(key: Key, count = 1): void {
    if (this.#capacity === 0 || count === 0) return
    const held = this.#counts.get(key)
    if (held === undefined && this.#counts.size >= this.#capacity) this.#dropSmallest()
    this.#counts.delete(key)
    this.#counts.set(key, Math.min(maxCount, (held ?? 0) + count))
  }

  /** @returns whether nothing is left of it */
  remove(key: Key, count = 1): boolean {
    const held = this.#counts.get(key)
    if (held === undefined) return false
    if (held > count) this.#counts.set(key, held - count)
    else this.#counts.delete(key)
    return held <= count
  }

  /** 0 where it is not held. */
  countOf(key: Key): number {
    return this.#counts.get(key) ?? 0
  }

  has(key: Key): boolean {
    return this.#counts.has(key)
  }

  /** Least recently used first. */
  entries(): IterableIterator<[Key, number]> {
    return this.#counts.entries()
  }

  #dropSmallest(): void {
    let smallest: Key | undefined
    let smallestCount = Infinity
    for (const [key, count] of this.#counts) {
      if (count >= smallestCount) continue
      smallest = key
      smallestCount = count
    }
    this.#counts.delete(smallest as Key)
  }
}
