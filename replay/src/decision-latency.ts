/**
 * Joins what was published with the decisions that followed, by the offset that both carry. Either may be heard of first:
 * the broker's acknowledgement and the decision race each other.
 */
export class DecisionLatency {
  readonly #sentAt = new Map<string, number>()
  readonly #seenAt = new Map<string, number>()
  /** Milliseconds from publishing an event to seeing the decision that follows from it. */
  readonly samples: number[] = []

  /** @param sentAt when the event was handed over, `performance.now()` */
  published(partition: number, offset: number, sentAt: number): void {
    const key = `${partition}/${offset}`
    const seenAt = this.#seenAt.get(key)
    if (seenAt === undefined) {
      this.#sentAt.set(key, sentAt)
      return
    }
    this.#seenAt.delete(key)
    this.samples.push(seenAt - sentAt)
  }

  /** @param version the decision's: offset of the event that caused it */
  decided(partition: number, version: number, seenAt: number): void {
    const key = `${partition}/${version}`
    const sentAt = this.#sentAt.get(key)
    if (sentAt === undefined) {
      this.#seenAt.set(key, seenAt)
      return
    }
    this.#sentAt.delete(key)
    this.samples.push(seenAt - sentAt)
  }
}
