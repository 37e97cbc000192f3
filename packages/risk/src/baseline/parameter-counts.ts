import { BoundedCounts } from './bounded-counts.ts'
import type { Capacity } from './capacity.ts'
import { keyCounts, rowsOf, type LearnedCounts } from './learned-counts.ts'

/** Which values parameters took, and how often one took a new one. */
export class ParameterCounts {
  readonly #parameters: BoundedCounts<number>
  readonly #distinct = new Map<number, number>()
  readonly #values: BoundedCounts<number>

  /** @param learned earlier, within the same capacity */
  constructor(
    capacity: Pick<Capacity, 'parameters' | 'values'>,
    learned?: Pick<LearnedCounts, 'parameters' | 'values'>,
  ) {
    this.#parameters = new BoundedCounts(
      capacity.parameters,
      learned?.parameters.map(([slot, draws]) => [slot, draws]),
    )
    this.#values = new BoundedCounts(capacity.values, rowsOf(learned?.values))
    for (const [slot, , distinct] of learned?.parameters ?? []) this.#distinct.set(slot, distinct)
  }

  add(slot: number, value: number): void {
    this.#parameters.add(slot)
    if (!this.#values.has(value)) this.#distinct.set(slot, (this.#distinct.get(slot) ?? 0) + 1)
    this.#values.add(value)
  }

  remove(slot: number, value: number): void {
    this.#parameters.remove(slot)
    if (this.#values.remove(value)) this.#distinct.set(slot, Math.max(0, (this.#distinct.get(slot) ?? 0) - 1))
  }

  forgetDropped(): void {
    for (const slot of this.#distinct.keys()) if (!this.#parameters.has(slot)) this.#distinct.delete(slot)
  }

  /** Slot, uses, distinct values ever. */
  rows(): (readonly [slot: number, draws: number, distinct: number])[] {
    return [...this.#parameters.entries()].map(
      ([slot, draws]) => [slot, draws, this.#distinct.get(slot) ?? 0] as const,
    )
  }

  /** Least recently used first. */
  values(): number[] {
    return [...this.#values.entries()].map(([value]) => value)
  }

  /** What `constructor` takes. */
  learned(): Pick<LearnedCounts, 'parameters' | 'values'> {
    return { parameters: this.rows(), values: keyCounts(this.#values) }
  }
}
