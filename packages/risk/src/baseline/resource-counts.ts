import type { ResourceKind } from '@cordon/schemas'

import type { ResourceHabit } from './baselines.ts'
import { BoundedCounts } from './bounded-counts.ts'
import { keyCounts, rowsOf, type LearnedCounts } from './learned-counts.ts'
import { resourceKinds } from './resource-key.ts'

/** Which resources sessions used, and how often something new of each kind. */
export class ResourceCounts {
  readonly #seen: BoundedCounts<number>
  readonly #kindOf = new Map<number, ResourceKind>()
  readonly #draws = new Map<ResourceKind, { draws: number; distinct: number }>()

  /** @param learned earlier, within the same capacity */
  constructor(capacity: number, learned?: Pick<LearnedCounts, 'draws' | 'kinds' | 'seen'>) {
    this.#seen = new BoundedCounts(capacity, rowsOf(learned?.seen))
    for (const [kind, draws, distinct] of learned?.draws ?? []) this.#draws.set(kind, { draws, distinct })
    for (const [position, key] of learned?.seen.keys.entries() ?? [])
      this.#kindOf.set(key, resourceKinds[learned?.kinds[position] ?? 0] ?? 'other')
  }

  add(kind: ResourceKind, key: number, count: number): void {
    const habit = this.#draws.get(kind) ?? { draws: 0, distinct: 0 }
    this.#draws.set(kind, habit)
    habit.draws += count
    if (!this.#seen.has(key)) habit.distinct += 1
    this.#seen.add(key, count)
    this.#kindOf.set(key, kind)
  }

  remove(kind: ResourceKind, key: number, count: number): void {
    const habit = this.#draws.get(kind)
    if (habit === undefined) return
    habit.draws = Math.max(0, habit.draws - count)
    if (this.#seen.remove(key, count)) habit.distinct = Math.max(0, habit.distinct - 1)
    if (habit.draws === 0 && habit.distinct === 0) this.#draws.delete(kind)
  }

  forgetDropped(): void {
    for (const key of this.#kindOf.keys()) if (!this.#seen.has(key)) this.#kindOf.delete(key)
  }

  habits(): Partial<Record<ResourceKind, ResourceHabit>> {
    const habits: Partial<Record<ResourceKind, ResourceHabit>> = {}
    for (const kind of resourceKinds) {
      const habit = this.#draws.get(kind)
      if (habit === undefined) continue
      const seen = [...this.#seen.entries()].map(([key]) => key).filter(key => this.#kindOf.get(key) === kind)
      habits[kind] = { ...habit, seen }
    }
    return habits
  }

  /** What `constructor` takes. */
  learned(): Pick<LearnedCounts, 'draws' | 'kinds' | 'seen'> {
    return {
      draws: [...this.#draws].map(([kind, { draws, distinct }]) => [kind, draws, distinct] as const),
      kinds: [...this.#seen.entries()].map(([key]) =>
        resourceKinds.indexOf(this.#kindOf.get(key) ?? 'other'),
      ),
      seen: keyCounts(this.#seen),
    }
  }
}
