import type { ResourceKind } from '@cordon/schemas'

import { mixHashes } from '../hash.ts'
import { attractionOf } from '../signals/attraction.ts'
import type { Profile, RateHabit } from './baselines.ts'
import { backOffCounts } from './back-off-counts.ts'
import { NumberTable } from './number-table.ts'
import { resourceKinds } from './resource-key.ts'
import { keyOfStoredTool, sessionStart } from './tool-key.ts'

/** Counts of what follows one context: total, and number of different ones. */
export interface Tally {
  readonly total: number
  readonly types: number
}

/** How one kind of resource is used, and which are known. */
export interface ResourceView {
  readonly draws: number
  readonly distinct: number
  /** By `resourceKey`. */
  readonly seen: NumberTable
}

/** A profile laid out for look-ups: what one call asks costs a few probes. */
export class ProfileView {
  readonly calls: number
  readonly sessions: number
  /** Of all tools, whatever came before. */
  readonly tools: Tally
  /** Sum over the known tools of how attractive they are to misuse. */
  readonly attraction: number
  readonly rate: RateHabit
  readonly outcomes: Profile['outcomes']
  readonly sinks: Profile['sinks']
  readonly #toolCounts: NumberTable
  readonly #tallies: NumberTable
  readonly #contextCounts: NumberTable
  readonly #resources: Readonly<Record<ResourceKind, ResourceView>>
  readonly #entities: NumberTable

  constructor(profile: Profile) {
    this.calls = profile.calls
    this.sessions = profile.sessions
    this.rate = profile.rate
    this.outcomes = profile.outcomes
    this.sinks = profile.sinks
    const keys = profile.tools.map(([name]) => keyOfStoredTool(name))
    const keyAt = (position: number): number => (position < 0 ? sessionStart : keys[position]!)
    const counts = backOffCounts(
      profile.tools.map(([, count], position) => [keys[position]!, count] as const),
      profile.after.map(([previous, tool, count]) => [keyAt(previous), keyAt(tool), count] as const),
      profile.afterTwo.map(
        ([beforeThat, previous, tool, count]) =>
          [keyAt(beforeThat), keyAt(previous), keyAt(tool), count] as const,
      ),
    )
    this.tools = counts.tools
    this.attraction = profile.tools.reduce((sum, [, , sensitivity]) => sum + attractionOf(sensitivity), 0)
    this.#toolCounts = singles(counts.toolCounts)
    this.#contextCounts = singles(counts.contextCounts)
    this.#tallies = new NumberTable(
      Array.from(counts.tallies, ([context, { total, types }]) => [context, [total, types]] as const),
      2,
    )
    this.#resources = Object.fromEntries(
      resourceKinds.map(kind => {
        const { draws, distinct, seen } = profile.resources[kind] ?? { draws: 0, distinct: 0, seen: [] }
        return [kind, { draws, distinct, seen: keySet(seen) }]
      }),
    ) as Record<ResourceKind, ResourceView>
    this.#entities = keySet(profile.entities)
  }

  countOfTool(tool: number): number {
    return this.#toolCounts.get(tool)
  }

  /** How often anything followed the context. */
  totalAfter(context: number): number {
    return this.#tallies.get(context, 0)
  }

  /** How many different tools followed the context. */
  typesAfter(context: number): number {
    return this.#tallies.get(context, 1)
  }

  /** How often the tool followed the context. */
  countAfter(context: number, tool: number): number {
    return this.#contextCounts.get(mixHashes(context, tool))
  }

  resourcesOf(kind: ResourceKind): ResourceView {
    return this.#resources[kind]
  }

  knowsEntity(fingerprint: number): boolean {
    return this.#entities.has(fingerprint)
  }
}

const singles = (counts: ReadonlyMap<number, number>): NumberTable =>
  new NumberTable(
    Array.from(counts, ([key, count]) => [key, [count]] as const),
    1,
  )

const keySet = (keys: readonly number[]): NumberTable =>
  new NumberTable(
    keys.map(key => [key, []] as const),
    0,
  )
