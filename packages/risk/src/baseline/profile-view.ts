import type { ResourceKind } from '@cordon/schemas'

import { mixHashes } from '../hash.ts'
import { attractionOf } from '../signals/attraction.ts'
import type { Profile, RateHabit } from './baselines.ts'
import { backOffCounts } from './back-off-counts.ts'
import { NumberTable } from './number-table.ts'
import { resourceKinds } from './resource-key.ts'
import { keyOfStoredTool, sessionEnd, sessionStart } from './tool-key.ts'

/** Counts of what follows one context: total, and number of different ones. */
export interface Tally {
  readonly total: number
  readonly types: number
}

/** How one kind of resource is used, and which are known. */
export interface ResourceView {
  readonly draws: number
  readonly distinct: number
  /** By the low 32 bits of `resourceKey`. */
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
  readonly #met: NumberTable
  readonly #parameters: NumberTable
  readonly #values: NumberTable
  readonly #origins: NumberTable
  readonly #resultsFrom: readonly number[]

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
      [
        ...profile.after.map(([previous, tool, count]) => [keyAt(previous), keyAt(tool), count] as const),
        ...profile.ends.after.map(([previous, count]) => [keyAt(previous), sessionEnd, count] as const),
      ],
      [
        ...profile.afterTwo.map(
          ([beforeThat, previous, tool, count]) =>
            [keyAt(beforeThat), keyAt(previous), keyAt(tool), count] as const,
        ),
        ...profile.ends.afterTwo.map(
          ([beforeThat, previous, count]) => [keyAt(beforeThat), keyAt(previous), sessionEnd, count] as const,
        ),
      ],
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
    this.#met = keySet(profile.met)
    this.#parameters = new NumberTable(
      profile.parameters.map(([slot, ...counts]) => [slot, counts] as const),
      3,
    )
    this.#values = keySet(profile.values)
    this.#origins = singles(new Map(profile.origins.map(({ key, count }) => [key, count])))
    this.#resultsFrom = profile.sizes.map((_, size) =>
      profile.sizes.slice(size).reduce((sum, count) => sum + count, 0),
    )
  }

  /** Whose size is known. */
  get results(): number {
    return this.resultsFrom(0)
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

  /** Whether arguments carried the entity. */
  usesEntity(fingerprint: number): boolean {
    return this.#entities.has(fingerprint | 0)
  }

  /** Whether the entity came up anywhere, if only in a result. */
  metEntity(fingerprint: number): boolean {
    return this.#met.has(fingerprint | 0)
  }

  /** How often the parameter was given a value. @param slot `slotKey` */
  drawsOf(slot: number): number {
    return this.#parameters.get(slot, 0)
  }

  /** How many different ones. @param slot `slotKey` */
  distinctOf(slot: number): number {
    return this.#parameters.get(slot, 1)
  }

  /** How often a sensitive call took its value out of running text. @param slot `slotKey` */
  fromTextOf(slot: number): number {
    return this.#parameters.get(slot, 2)
  }

  /** @param value `valueKey` */
  knowsValue(value: number): boolean {
    return this.#values.has(value)
  }

  /** How often a sensitive call of a tool was like that. @param key `sinkKey` or `routeKey` */
  countOfOrigin(key: number): number {
    return this.#origins.get(key)
  }

  /** Results of that size class and above. */
  resultsFrom(sizeClass: number): number {
    return this.#resultsFrom[sizeClass] ?? 0
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
