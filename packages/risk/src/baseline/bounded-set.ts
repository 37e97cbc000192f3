/** The most recently used of many. */
export class BoundedSet<Item> {
  readonly #capacity: number
  readonly #items = new Set<Item>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** @returns whether it was not there before */
  use(item: Item): boolean {
    const isNew = !this.#items.delete(item)
    this.#items.add(item)
    if (this.#items.size > this.#capacity) this.#items.delete(this.#items.values().next().value as Item)
    return isNew
  }

  has(item: Item): boolean {
    return this.#items.has(item)
  }

  /** Least recently used first. */
  values(): IterableIterator<Item> {
    return this.#items.values()
  }
}
