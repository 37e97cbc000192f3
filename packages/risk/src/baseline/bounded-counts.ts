// Keeps a count within nine digits, so that what is stored stays bounded.
const maxCount = 999_999_999

/**
 * Counts by key, for so many keys. When it is full the smallest count gives way, of equal ones the least recently used; a
 * key that comes back starts anew, so nothing is ever counted too high. Adding takes the same time however many are held.
 */
export class BoundedCounts<Key> {
  readonly #capacity: number
  readonly #counts: Map<Key, number>
  /** Keys of each count, least recently used first. */
  readonly #keysOf = new Map<number, Set<Key>>()
  /** No count is smaller. */
  #floor = 0

  /** @param held least recently used first */
  constructor(capacity: number, held: readonly (readonly [Key, number])[] = []) {
    this.#capacity = capacity
    this.#counts = new Map(capacity === 0 ? [] : held.slice(-capacity))
    for (const [key, count] of this.#counts) this.#place(key, count)
  }

  add(key: Key, count = 1): void {
    if (this.#capacity === 0 || count === 0) return
    const held = this.#counts.get(key)
    if (held === undefined && this.#counts.size >= this.#capacity) this.#dropSmallest()
    if (held !== undefined) this.#take(key, held)
    const total = Math.min(maxCount, (held ?? 0) + count)
    this.#counts.set(key, total)
    this.#place(key, total)
  }

  /** @returns whether nothing is left of it */
  remove(key: Key, count = 1): boolean {
    const held = this.#counts.get(key)
    if (held === undefined) return false
    if (held <= count) this.#take(key, held)
    else this.#lower(key, held, held - count)
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

  #place(key: Key, count: number): void {
    const keys = this.#keysOf.get(count)
    if (keys === undefined) this.#keysOf.set(count, new Set([key]))
    else keys.add(key)
    this.#floor = Math.min(this.#floor, count)
  }

  #take(key: Key, count: number): void {
    this.#counts.delete(key)
    const keys = this.#keysOf.get(count)
    keys?.delete(key)
    if (keys?.size === 0) this.#keysOf.delete(count)
  }

  // Keeps its place among the others, which are put in order again: it happens only where a lesson is taken back.
  #lower(key: Key, held: number, count: number): void {
    const keys = this.#keysOf.get(held)
    keys?.delete(key)
    if (keys?.size === 0) this.#keysOf.delete(held)
    this.#counts.set(key, count)
    this.#keysOf.delete(count)
    for (const [other, its] of this.#counts) if (its === count) this.#place(other, count)
  }

  #dropSmallest(): void {
    // Mostly a key that was just added has the smallest count that there can be.
    if (!this.#keysOf.has(this.#floor)) this.#floor = Math.min(...this.#keysOf.keys())
    const [key] = this.#keysOf.get(this.#floor) ?? []
    if (key !== undefined) this.#take(key, this.#floor)
  }
}
