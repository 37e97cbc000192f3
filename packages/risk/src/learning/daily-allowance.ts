import { model } from '../signals/model.ts'

const { dayMs, humanShare, leastPerDay, maxHumans } = model.learning

/**
 * How much one human may teach a subject in a day: whoever holds one account, or feeds one person's agent, must not be able to
 * turn what is normal for everyone.
 */
export class DailyAllowance {
  #day: number
  readonly #taught: Map<number, number>

  constructor(day = 0, taught: readonly (readonly [human: number, sessions: number])[] = []) {
    this.#day = day
    this.#taught = new Map(taught)
  }

  /** Days since the Unix epoch, and how many sessions each human taught that day. */
  get state(): { readonly day: number; readonly taught: readonly (readonly [number, number])[] } {
    return { day: this.#day, taught: [...this.#taught] }
  }

  /**
   * @param human `humanKey`
   * @param at when the session closed; the days go forwards only
   * @param sessions that taught the subject so far
   * @returns whether one more session may teach; then it is counted
   */
  take(human: number, at: number, sessions: number): boolean {
    const day = Math.floor(at / dayMs)
    if (day > this.#day) {
      this.#day = day
      this.#taught.clear()
    }
    const taught = this.#taught.get(human) ?? 0
    if (taught >= Math.max(leastPerDay, Math.floor(humanShare * sessions))) return false
    if (taught === 0 && this.#taught.size >= maxHumans) return false
    this.#taught.set(human, taught + 1)
    return true
  }
}
