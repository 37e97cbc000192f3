/** Lets in what fits below a limit, and the rest in the order of its coming as room appears. */
export class Admission {
  readonly #limit: number
  readonly #waiting: { readonly size: number; readonly enter: () => void }[] = []
  #inside = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Resolves when it is in. What is larger than the limit goes in when nothing else is inside. */
  async enter(size: number): Promise<void> {
    if (this.#waiting.length === 0 && this.#fits(size)) {
      this.#inside += size
      return
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push({ size, enter: resolve })
    await promise
  }

  leave(size: number): void {
    this.#inside -= size
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.size); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#inside += next.size
      next.enter()
    }
  }

  #fits(size: number): boolean {
    return this.#inside === 0 || this.#inside + size <= this.#limit
  }
}
