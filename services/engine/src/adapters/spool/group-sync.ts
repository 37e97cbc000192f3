interface Waiting {
  readonly through: number
  readonly resolve: (isReached: boolean) => void
}

/** One write to the disk for everybody who came while the one before ran. */
export class GroupSync {
  readonly #sync: () => Promise<number>
  #waiting: Waiting[] = []
  #isRunning = false
  #reached = 0

  /** @param sync resolves with the number up to which all is on the disk, exclusive */
  constructor(sync: () => Promise<number>) {
    this.#sync = sync
  }

  /** Resolves, and never rejects, with whether the record of that number is on the disk. */
  reach(number: number): Promise<boolean> {
    if (number < this.#reached) return Promise.resolve(true)
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#waiting.push({ through: number, resolve })
    if (!this.#isRunning) void this.#run()
    return promise
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting
      this.#waiting = []
      try {
        this.#reached = Math.max(this.#reached, await this.#sync())
        for (const { through, resolve } of waiting) resolve(through < this.#reached)
      } catch {
        // Whoever gave `sync` counts it; what asked is not on the disk.
        for (const { resolve } of waiting) resolve(false)
      }
    }
    this.#isRunning = false
  }
}
