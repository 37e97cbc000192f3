import type { RateHabit } from './baselines.ts'

/** Mean and spread of rates, one by one (Welford 1962), and back again. */
export class RateMoments {
  #sessions: number
  #mean: number
  #squares: number

  constructor({ sessions, mean, squares }: RateHabit = { sessions: 0, mean: 0, squares: 0 }) {
    this.#sessions = sessions
    this.#mean = mean
    this.#squares = squares
  }

  get habit(): RateHabit {
    return { sessions: this.#sessions, mean: this.#mean, squares: this.#squares }
  }

  add(rate: number): void {
    this.#sessions += 1
    const difference = rate - this.#mean
    this.#mean += difference / this.#sessions
    this.#squares += difference * (rate - this.#mean)
  }

  /** @param rate that was added */
  remove(rate: number): void {
    if (this.#sessions <= 1) {
      this.#sessions = 0
      this.#mean = 0
      this.#squares = 0
      return
    }
    const difference = rate - this.#mean
    this.#sessions -= 1
    this.#mean = Math.max(0, this.#mean - difference / this.#sessions)
    this.#squares = Math.max(0, this.#squares - difference * (rate - this.#mean))
  }
}
