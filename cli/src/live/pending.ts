/** Of each turn; those that came first give way. */
const limit = 100

/** What waits for something else to be read, for topics are read side by side: until it is settled, and for two turns at most. Bounded. */
export class Pending<Item> {
  #sinceTurn: readonly Item[] = []
  #overdue: readonly Item[] = []

  add(item: Item): void {
    this.#sinceTurn = [...this.#sinceTurn, item].slice(-limit)
  }

  /** Asks of each, in the order in which they came, whether it goes on waiting. */
  keep(stillWaits: (item: Item) => boolean): void {
    this.#overdue = this.#overdue.filter(stillWaits)
    this.#sinceTurn = this.#sinceTurn.filter(stillWaits)
  }

  /** @returns what was waiting at the last turn already, and waits no longer */
  turn(): readonly Item[] {
    const given = this.#overdue
    this.#overdue = this.#sinceTurn
    this.#sinceTurn = []
    return given
  }
}
