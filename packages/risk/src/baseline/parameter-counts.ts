import { BoundedCounts } from './bounded-counts.ts'
import type { Lesson } from '../lesson/lesson.ts'
import type { Capacity } from './capacity.ts'
import { keyCounts, rowsOf, type LearnedCounts } from './learned-counts.ts'
import type { ParameterRow } from './parameter-rows.ts'

type LearnedValue = Lesson['parameters'][number]

/** Which values parameters took, and how often one took a new one. */
export class ParameterCounts {
  readonly #parameters: BoundedCounts<number>
  readonly #distinct = new Map<number, number>()
  readonly #fromText = new Map<number, number>()
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
    for (const [slot, , distinct, fromText] of learned?.parameters ?? []) {
      this.#distinct.set(slot, distinct)
      this.#fromText.set(slot, fromText)
    }
  }

  add({ slot, value, fromText }: LearnedValue): void {
    this.#parameters.add(slot)
    if (!this.#values.has(value)) this.#distinct.set(slot, (this.#distinct.get(slot) ?? 0) + 1)
    this.#values.add(value)
    if (fromText) this.#fromText.set(slot, (this.#fromText.get(slot) ?? 0) + 1)
  }

  remove({ slot, value, fromText }: LearnedValue): void {
    this.#parameters.remove(slot)
    if (fromText) this.#fromText.set(slot, Math.max(0, (this.#fromText.get(slot) ?? 0) - 1))
    if (this.#values.remove(value)) this.#distinct.set(slot, Math.max(0, (this.#distinct.get(slot) ?? 0) - 1))
  }

  knows(value: number): boolean {
    return this.#values.has(value)
  }

  forgetDropped(): void {
    for (const counts of [this.#distinct, this.#fromText])
      for (const slot of counts.keys()) if (!this.#parameters.has(slot)) counts.delete(slot)
  }

  /** Slot, uses, distinct values ever, uses of values out of running text. */
  rows(): ParameterRow[] {
    return [...this.#parameters.entries()].map(
      ([slot, draws]) => [slot, draws, this.#distinct.get(slot) ?? 0, this.#fromText.get(slot) ?? 0] as const,
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
