/** Calls that are remembered, for a minute at most: a refusal follows its call, and its cause, by far less. */
const callLimit = 10_000
const lifeMs = 60_000

/** When calls were attempted, in milliseconds since the Unix epoch; bounded. */
export class CallTimes {
  readonly #attemptedAt = new Map<string, number>()

  add(invocationId: string, at: number): void {
    this.#attemptedAt.set(invocationId, at)
    for (const [id, attemptedAt] of this.#attemptedAt) {
      if (this.#attemptedAt.size <= callLimit && at - attemptedAt < lifeMs) return
      this.#attemptedAt.delete(id)
    }
  }

  /** @returns milliseconds from the attempt to `at`; `undefined` where it was not seen, or is forgotten */
  since(invocationId: string, at: number): number | undefined {
    const attemptedAt = this.#attemptedAt.get(invocationId)
    return attemptedAt === undefined ? undefined : Math.max(0, at - attemptedAt)
  }
}
