import type { ResourceKind } from '@cordon/schemas'

import type { SinkHabit } from '../baseline/baselines.ts'
import type { OriginRow } from '../baseline/origin-counts.ts'

/** Stands for a tool before the session's first. */
export const nothingBefore = ''

/** Stands for a tool where the session ended instead: how usual it is to go on at all. No tool is stored under it. */
export const nothingAfter = '\u0003'

/** What one session teaches, after the cap: nothing more than `maxCountsPerSession` times. */
export interface Lesson {
  /** Names as they are stored: see `storedToolName`. */
  readonly tools: readonly { readonly tool: string; readonly sensitivity: number; readonly count: number }[]
  readonly after: readonly { readonly previous: string; readonly tool: string; readonly count: number }[]
  readonly afterTwo: readonly {
    readonly beforeThat: string
    readonly previous: string
    readonly tool: string
    readonly count: number
  }[]
  /** Low 32 bits of `resourceKey`. */
  readonly resources: readonly { readonly kind: ResourceKind; readonly key: number; readonly count: number }[]
  /** Low 32 bits of fingerprints of entities in arguments, and of those in arguments or results; each once. */
  readonly entities: readonly number[]
  readonly met: readonly number[]
  /** `slotKey` and `valueKey`; each value once. */
  readonly parameters: readonly {
    readonly slot: number
    readonly value: number
    /** A sensitive call took it out of running text. */
    readonly fromText: boolean
  }[]
  /** Size classes of results: see `sizeClassOf`. */
  readonly sizes: readonly number[]
  readonly outcomes: { readonly calls: number; readonly failures: number }
  readonly sinks: SinkHabit
  /** The same by tool, and by the ways that foreign targets took. */
  readonly origins: readonly OriginRow[]
  /** Calls per second. */
  readonly rate: number
}
