import type { ResourceKind } from '@cordon/schemas'

import { mixHashes } from '../hash.ts'
import { attractionOf } from '../signals/attraction.ts'
import { model } from '../signals/model.ts'
import type { Profile, RateHabit } from './baselines.ts'
import { KeyIndex } from './key-index.ts'
import { resourceKinds } from './resource-key.ts'
import { keyOfStoredTool, sessionStart } from './tool-key.ts'

/** Counts of what follows one context: total, and number of different ones. */
export interface Tally {
  readonly total: number
  readonly types: number
}

/** A profile laid out for look-ups: what one call asks costs a few probes of typed arrays. */
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
  readonly #toolIndex: KeyIndex
  readonly #toolCounts: readonly number[]
  readonly #contexts: KeyIndex
  readonly #tallies: readonly Tally[]
  readonly #pairs: KeyIndex
  readonly #pairCounts: readonly number[]
  readonly #resources: Readonly<Record<ResourceKind, ResourceView>>
  readonly #entities: KeyIndex

  constructor(profile: Profile) {
    this.calls = profile.calls
    this.sessions = profile.sessions
    this.rate = profile.rate
    this.outcomes = profile.outcomes
    this.sinks = profile.sinks
    const keys = profile.tools.map(([name]) => keyOfStoredTool(name))
    const keyAt = (position: number): number => (position < 0 ? sessionStart : (keys[position] ?? 0))
    const triples = contextCounts(
      profile.afterTwo.map(([beforeThat, previous, tool, count]) => ({
        context: contextOfTwo(keyAt(beforeThat), keyAt(previous)),
        parent: contextOfOne(keyAt(previous)),
        tool: keyAt(tool),
        count,
      })),
    )
    const pairs = contextCounts(
      profile.after.map(([previous, tool, count]) => ({
        context: contextOfOne(keyAt(previous)),
        parent: 0,
        tool: keyAt(tool),
        count: triples.passedOn.get(mixHashes(contextOfOne(keyAt(previous)), keyAt(tool))) ?? count,
      })),
    )
    this.#toolCounts = profile.tools.map(
      ([, count], position) => pairs.passedOn.get(mixHashes(0, keys[position]!)) ?? passOn(count),
    )
    this.#toolIndex = new KeyIndex(keys)
    this.tools = { total: this.#toolCounts.reduce((sum, count) => sum + count, 0), types: keys.length }
    this.attraction = profile.tools.reduce((sum, [, , sensitivity]) => sum + attractionOf(sensitivity), 0)
    this.#contexts = new KeyIndex([...triples.tallies.keys(), ...pairs.tallies.keys()])
    this.#tallies = [...triples.tallies.values(), ...pairs.tallies.values()]
    this.#pairs = new KeyIndex([...triples.counts.keys(), ...pairs.counts.keys()])
    this.#pairCounts = [...triples.counts.values(), ...pairs.counts.values()]
    this.#resources = Object.fromEntries(
      resourceKinds.map(kind => {
        const habit = profile.resources[kind] ?? { draws: 0, distinct: 0, seen: [] }
        return [kind, { draws: habit.draws, distinct: habit.distinct, seen: new KeyIndex(habit.seen) }]
      }),
    ) as Record<ResourceKind, ResourceView>
    this.#entities = new KeyIndex(profile.entities)
  }

  countOfTool(tool: number): number {
    const position = this.#toolIndex.find(tool)
    return position < 0 ? 0 : this.#toolCounts[position]!
  }

  /** Undefined where nothing is known of the context. */
  tallyOf(context: number): Tally | undefined {
    const position = this.#contexts.find(context)
    return position < 0 ? undefined : this.#tallies[position]
  }

  countAfter(context: number, tool: number): number {
    const position = this.#pairs.find(mixHashes(context, tool))
    return position < 0 ? 0 : this.#pairCounts[position]!
  }

  resourcesOf(kind: ResourceKind): ResourceView {
    return this.#resources[kind]
  }

  knowsEntity(fingerprint: number): boolean {
    return this.#entities.find(fingerprint) >= 0
  }
}

/** How one kind of resource is used, and which are known. */
export interface ResourceView {
  readonly draws: number
  readonly distinct: number
  readonly seen: KeyIndex
}

/** Key of the context "after this tool". */
export const contextOfOne = (previous: number): number => mixHashes(previous, 2)

/** Key of the context "after these two tools". */
export const contextOfTwo = (beforeThat: number, previous: number): number =>
  mixHashes(mixHashes(beforeThat, previous), 3)

interface ContextCount {
  readonly context: number
  /** The context that this one backs off to. */
  readonly parent: number
  readonly tool: number
  readonly count: number
}

interface ContextCounts {
  /** By context. */
  readonly tallies: ReadonlyMap<number, Tally>
  /** By context and tool. */
  readonly counts: ReadonlyMap<number, number>
  /** By parent context and tool: what the parent counts. */
  readonly passedOn: ReadonlyMap<number, number>
}

// What a context has seen c times counts c^d times in the context that it backs off to: the expected number of tables of
// a Pitman-Yor process. Were all c passed on, whatever is new to an agent would be new at every level, and be punished thrice.
const passOn = (count: number): number => count ** model.tool.discount

const contextCounts = (entries: readonly ContextCount[]): ContextCounts => {
  const tallies = new Map<number, Tally>()
  const counts = new Map<number, number>()
  const passedOn = new Map<number, number>()
  for (const { context, parent, tool, count } of entries) {
    const tally = tallies.get(context) ?? { total: 0, types: 0 }
    tallies.set(context, { total: tally.total + count, types: tally.types + 1 })
    counts.set(mixHashes(context, tool), count)
    const above = mixHashes(parent, tool)
    passedOn.set(above, (passedOn.get(above) ?? 0) + passOn(count))
  }
  return { tallies, counts, passedOn }
}
