import type { ResourceKind } from '@cordon/schemas'

import type { Profile, SinkHabit } from './baselines.ts'
import type { BoundedCounts } from './bounded-counts.ts'
import type { OriginRow } from './origin-counts.ts'
import type { ParameterRow } from './parameter-rows.ts'

/** Everything that a builder counts, as plain data: what it was built from can be taken away from it again. */
export interface LearnedCounts {
  readonly sessions: number
  readonly calls: number
  /** Name, count, sensitivity. */
  readonly tools: readonly (readonly [name: string, count: number, sensitivity: number])[]
  /** Names of tools, joined by a line feed; count. */
  readonly after: readonly (readonly [names: string, count: number])[]
  readonly afterTwo: readonly (readonly [names: string, count: number])[]
  /** Kind, uses, distinct ones ever. */
  readonly draws: readonly (readonly [kind: ResourceKind, draws: number, distinct: number])[]
  /** Kind of each key of `seen`, as its position among the kinds. */
  readonly kinds: readonly number[]
  readonly seen: KeyCounts
  readonly entities: KeyCounts
  readonly met: KeyCounts
  readonly parameters: readonly ParameterRow[]
  readonly values: KeyCounts
  readonly sizes: readonly number[]
  readonly rate: Profile['rate']
  readonly outcomes: Profile['outcomes']
  readonly sinks: SinkHabit
  readonly origins: readonly OriginRow[]
}

/** Keys of 32 bits, least recently used first, and how many sessions had each. */
export interface KeyCounts {
  readonly keys: readonly number[]
  readonly counts: readonly number[]
}

/** What `BoundedCounts` holds. */
export const keyCounts = (counts: BoundedCounts<number>): KeyCounts => {
  const rows = [...counts.entries()]
  return { keys: rows.map(([key]) => key), counts: rows.map(([, count]) => count) }
}

/** What `BoundedCounts` takes. */
export const rowsOf = (held: KeyCounts | undefined): (readonly [number, number])[] | undefined =>
  held?.keys.map((key, position) => [key, held.counts[position] ?? 1] as const)
