import type { TraceProblem } from '@cordon/traces'

/** More would say nothing new, and a file may be all odd. */
const named = 10

/** Lines of recordings that are no session: all of them counted, the first of them named. */
export class LeftOut {
  #lines = 0
  readonly #first: TraceProblem[] = []

  get lines(): number {
    return this.#lines
  }

  get first(): readonly TraceProblem[] {
    return this.#first
  }

  add(problem: TraceProblem): void {
    this.#lines += 1
    if (this.#first.length < named) this.#first.push(problem)
  }
}
