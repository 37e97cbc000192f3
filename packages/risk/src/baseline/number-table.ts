// No whole number, so that every key can be told from it.
const noKey = 0.5

/**
 * Immutable map from whole numbers to rows of numbers: open addressing, with each key beside its row, because a look-up
 * costs what it misses in the processor's cache.
 */
export class NumberTable {
  readonly #cells: Float64Array
  readonly #width: number
  readonly #mask: number
  readonly #shift: number

  /**
   * @param rows by key
   * @param columns numbers in a row; missing ones are 0
   */
  constructor(rows: Iterable<readonly [key: number, row: readonly number[]]>, columns: number) {
    const entries = [...rows]
    let slots = 8
    while (slots < entries.length * 2) slots *= 2
    this.#width = columns + 1
    this.#mask = slots - 1
    this.#shift = Math.clz32(slots - 1)
    this.#cells = new Float64Array(slots * this.#width)
    for (let slot = 0; slot < slots; slot += 1) this.#cells[slot * this.#width] = noKey
    for (const [key, row] of entries) {
      const at = this.#slotOf(key)
      this.#cells[at] = key
      this.#cells.set(row.slice(0, columns), at + 1)
    }
  }

  has(key: number): boolean {
    return this.#cells[this.#slotOf(key)] === key
  }

  /** The number in that column of the key's row; 0 where there is none. */
  get(key: number, column = 0): number {
    const at = this.#slotOf(key)
    return this.#cells[at] === key ? this.#cells[at + 1 + column]! : 0
  }

  #slotOf(key: number): number {
    const cells = this.#cells
    const width = this.#width
    // The highest bits of the product: every bit of the key reaches them, and keys may share their lowest.
    let slot = Math.imul(key | 0, 0x9e3779b1) >>> this.#shift
    for (;;) {
      const held = cells[slot * width]
      if (held === key || held === noKey) return slot * width
      slot = (slot + 1) & this.#mask
    }
  }
}
