// No whole number, so that every key can be told from it.
const noKey = 0.5

/** Immutable map from numbers to their position in a list: open addressing over typed arrays, a few ns a look-up. */
export class KeyIndex {
  readonly #keys: Float64Array
  readonly #positions: Int32Array
  readonly #mask: number

  /** @param keys whole numbers; of equal ones the first counts */
  constructor(keys: readonly number[]) {
    let slots = 8
    while (slots < keys.length * 2) slots *= 2
    this.#keys = new Float64Array(slots).fill(noKey)
    this.#positions = new Int32Array(slots)
    this.#mask = slots - 1
    for (const [position, key] of keys.entries()) {
      let slot = this.#home(key)
      while (this.#keys[slot] !== noKey && this.#keys[slot] !== key) slot = (slot + 1) & this.#mask
      if (this.#keys[slot] === key) continue
      this.#keys[slot] = key
      this.#positions[slot] = position
    }
  }

  /** -1 where the key is not in the list. */
  find(key: number): number {
    const keys = this.#keys
    let slot = this.#home(key)
    for (;;) {
      const held = keys[slot]
      if (held === key) return this.#positions[slot]!
      if (held === noKey) return -1
      slot = (slot + 1) & this.#mask
    }
  }

  #home(key: number): number {
    return (Math.imul(key | 0, 0x9e3779b1) >>> 7) & this.#mask
  }
}
