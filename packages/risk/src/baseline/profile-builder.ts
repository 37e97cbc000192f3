import type { ResourceKind } from '@cordon/schemas'

import { nothingAfter, nothingBefore } from '../lesson/lesson.ts'
import type { Lesson } from '../lesson/lesson.ts'
import { sizeClasses } from '../signals/volume-signal.ts'
import type { Profile, ResourceHabit, SinkHabit } from './baselines.ts'
import { BoundedCounts } from './bounded-counts.ts'
import type { Capacity } from './capacity.ts'
import { OriginCounts } from './origin-counts.ts'
import type { OriginRow } from './origin-counts.ts'
import { sinkKey } from './origin-key.ts'
import { RateMoments } from './rate-moments.ts'
import { resourceKinds } from './resource-key.ts'

// In keys of pairs and triples; no stored tool name holds it.
const separator = '\n'

/** In place of a tool's position: the session ended. */
const endPosition = -2

/** Sensitive calls over which shares of tainted arguments are taken. */
const maxSinkCalls = 128

/**
 * Sessions that have to meet an entity before it is known: what somebody slipped into one session's results must not pass
 * as known in the next.
 */
export const sessionsToKnow = 3

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
  /** Slot, uses, distinct values ever. */
  readonly parameters: readonly (readonly [slot: number, draws: number, distinct: number])[]
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

/** One profile in the making. */
export class ProfileBuilder {
  readonly #tools: BoundedCounts<string>
  readonly #sensitivities = new Map<string, number>()
  readonly #after: BoundedCounts<string>
  readonly #afterTwo: BoundedCounts<string>
  readonly #seen: BoundedCounts<number>
  readonly #kindOf = new Map<number, ResourceKind>()
  readonly #draws = new Map<ResourceKind, { draws: number; distinct: number }>()
  readonly #entities: BoundedCounts<number>
  readonly #rate: RateMoments
  readonly #outcomes = { calls: 0, failures: 0 }
  readonly #met: BoundedCounts<number>
  readonly #parameters: BoundedCounts<number>
  readonly #distinct = new Map<number, number>()
  readonly #values: BoundedCounts<number>
  readonly #sizes: number[] = Array.from({ length: sizeClasses }, () => 0)
  readonly #origins: OriginCounts
  readonly #sinks = { calls: 0, foreign: 0, targets: 0, others: 0 }
  #sessions = 0
  #calls = 0

  /** @param learned earlier, within the same capacity */
  constructor(capacity: Capacity, learned?: LearnedCounts) {
    this.#tools = new BoundedCounts(
      capacity.tools,
      learned?.tools.map(([name, count]) => [name, count]),
    )
    this.#after = new BoundedCounts(capacity.after, learned?.after)
    this.#afterTwo = new BoundedCounts(capacity.afterTwo, learned?.afterTwo)
    this.#seen = new BoundedCounts(capacity.resources, rowsOf(learned?.seen))
    this.#entities = new BoundedCounts(capacity.entities, rowsOf(learned?.entities))
    this.#met = new BoundedCounts(capacity.met, rowsOf(learned?.met))
    this.#parameters = new BoundedCounts(
      capacity.parameters,
      learned?.parameters.map(([slot, draws]) => [slot, draws]),
    )
    this.#values = new BoundedCounts(capacity.values, rowsOf(learned?.values))
    this.#origins = new OriginCounts(capacity.origins, learned?.origins)
    this.#rate = new RateMoments(learned?.rate)
    if (learned !== undefined) this.#restore(learned)
  }

  get sessions(): number {
    return this.#sessions
  }

  usesEntity(fingerprint: number): boolean {
    return this.#entities.countOf(fingerprint | 0) >= sessionsToKnow
  }

  metEntity(fingerprint: number): boolean {
    return this.#met.countOf(fingerprint | 0) >= sessionsToKnow
  }

  learn(lesson: Lesson): void {
    this.#sessions += 1
    for (const { tool, sensitivity, count } of lesson.tools) {
      this.#calls += count
      this.#tools.add(tool, count)
      this.#sensitivities.set(tool, sensitivity)
    }
    for (const { previous, tool, count } of lesson.after)
      this.#after.add([previous, tool].join(separator), count)
    for (const { beforeThat, previous, tool, count } of lesson.afterTwo)
      this.#afterTwo.add([beforeThat, previous, tool].join(separator), count)
    for (const { kind, key, count } of lesson.resources) this.#learnResource(kind, key, count)
    for (const entity of lesson.entities) this.#entities.add(entity)
    for (const entity of lesson.met) this.#met.add(entity)
    for (const { slot, value } of lesson.parameters) this.#learnParameter(slot, value)
    for (const size of lesson.sizes) this.#sizes[size]! += 1
    this.#outcomes.calls += lesson.outcomes.calls
    this.#outcomes.failures += lesson.outcomes.failures
    this.#learnSinks(lesson.sinks)
    this.#origins.add(lesson.origins, ({ tool, key }) => key === sinkKey(tool, 'calls'))
    this.#rate.add(lesson.rate)
    this.#forgetDropped()
  }

  /**
   * Takes back what a session taught. Exact as long as nothing of it was dropped or halved since; what was is already gone,
   * and nothing is ever counted below zero.
   */
  unlearn(lesson: Lesson): void {
    this.#sessions = less(this.#sessions, 1)
    for (const { tool, count } of lesson.tools) {
      this.#calls = less(this.#calls, count)
      this.#tools.remove(tool, count)
    }
    for (const { previous, tool, count } of lesson.after)
      this.#after.remove([previous, tool].join(separator), count)
    for (const { beforeThat, previous, tool, count } of lesson.afterTwo)
      this.#afterTwo.remove([beforeThat, previous, tool].join(separator), count)
    for (const { kind, key, count } of lesson.resources) this.#unlearnResource(kind, key, count)
    for (const entity of lesson.entities) this.#entities.remove(entity)
    for (const entity of lesson.met) this.#met.remove(entity)
    for (const { slot, value } of lesson.parameters) this.#unlearnParameter(slot, value)
    for (const size of lesson.sizes) this.#sizes[size] = less(this.#sizes[size]!, 1)
    this.#outcomes.calls = less(this.#outcomes.calls, lesson.outcomes.calls)
    this.#outcomes.failures = less(this.#outcomes.failures, lesson.outcomes.failures)
    for (const kind of sinkKinds) this.#sinks[kind] = less(this.#sinks[kind], lesson.sinks[kind])
    this.#origins.remove(lesson.origins)
    this.#rate.remove(lesson.rate)
    this.#forgetDropped()
  }

  profile(): Profile {
    const tools = this.#toolRows()
    const positions = new Map(tools.map(([name], position) => [name, position]))
    positions.set(nothingBefore, -1)
    positions.set(nothingAfter, endPosition)
    // A context whose tool was dropped is dropped with it.
    const positionsOf = (key: string): readonly number[] | undefined => {
      const found = key.split(separator).map(name => positions.get(name))
      return found.includes(undefined) ? undefined : (found as number[])
    }
    const after = [...this.#after.entries()].flatMap(([key, count]) => {
      const [previous, tool] = positionsOf(key) ?? []
      return previous === undefined || tool === undefined ? [] : [[previous, tool, count] as const]
    })
    const afterTwo = [...this.#afterTwo.entries()].flatMap(([key, count]) => {
      const [beforeThat, previous, tool] = positionsOf(key) ?? []
      return beforeThat === undefined || previous === undefined || tool === undefined
        ? []
        : [[beforeThat, previous, tool, count] as const]
    })
    return {
      sessions: this.#sessions,
      calls: this.#calls,
      tools,
      after: after.filter(([, tool]) => tool !== endPosition),
      afterTwo: afterTwo.filter(([, , tool]) => tool !== endPosition),
      ends: {
        after: after
          .filter(([, tool]) => tool === endPosition)
          .map(([previous, , count]) => [previous, count] as const),
        afterTwo: afterTwo
          .filter(([, , tool]) => tool === endPosition)
          .map(([beforeThat, previous, , count]) => [beforeThat, previous, count] as const),
      },
      resources: this.#resourceHabits(),
      entities: knownOf(this.#entities),
      met: knownOf(this.#met),
      parameters: this.#parameterRows(),
      values: [...this.#values.entries()].map(([value]) => value),
      sizes: [...this.#sizes],
      rate: this.#rate.habit,
      outcomes: { ...this.#outcomes },
      sinks: { ...this.#sinks },
      origins: this.#origins.rows(),
    }
  }

  /** What `constructor` takes. */
  learned(): LearnedCounts {
    return {
      sessions: this.#sessions,
      calls: this.#calls,
      tools: this.#toolRows(),
      after: [...this.#after.entries()],
      afterTwo: [...this.#afterTwo.entries()],
      draws: [...this.#draws].map(([kind, { draws, distinct }]) => [kind, draws, distinct] as const),
      kinds: [...this.#seen.entries()].map(([key]) =>
        resourceKinds.indexOf(this.#kindOf.get(key) ?? 'other'),
      ),
      seen: keyCounts(this.#seen),
      entities: keyCounts(this.#entities),
      met: keyCounts(this.#met),
      parameters: this.#parameterRows(),
      values: keyCounts(this.#values),
      sizes: [...this.#sizes],
      rate: this.#rate.habit,
      outcomes: { ...this.#outcomes },
      sinks: { ...this.#sinks },
      origins: this.#origins.rows(),
    }
  }

  #restore(learned: LearnedCounts): void {
    this.#sessions = learned.sessions
    this.#calls = learned.calls
    for (const [name, , sensitivity] of learned.tools) this.#sensitivities.set(name, sensitivity)
    for (const [kind, draws, distinct] of learned.draws) this.#draws.set(kind, { draws, distinct })
    for (const [position, key] of learned.seen.keys.entries())
      this.#kindOf.set(key, resourceKinds[learned.kinds[position] ?? 0] ?? 'other')
    for (const [slot, , distinct] of learned.parameters) this.#distinct.set(slot, distinct)
    for (const [size, count] of learned.sizes.entries()) this.#sizes[size] = count
    Object.assign(this.#outcomes, learned.outcomes)
    Object.assign(this.#sinks, learned.sinks)
  }

  #toolRows(): (readonly [string, number, number])[] {
    return [...this.#tools.entries()].map(
      ([name, count]) => [name, count, this.#sensitivities.get(name) ?? 0] as const,
    )
  }

  #parameterRows(): (readonly [number, number, number])[] {
    return [...this.#parameters.entries()].map(
      ([slot, draws]) => [slot, draws, this.#distinct.get(slot) ?? 0] as const,
    )
  }

  #learnResource(kind: ResourceKind, key: number, count: number): void {
    const habit = this.#draws.get(kind) ?? { draws: 0, distinct: 0 }
    this.#draws.set(kind, habit)
    habit.draws += count
    if (!this.#seen.has(key)) habit.distinct += 1
    this.#seen.add(key, count)
    this.#kindOf.set(key, kind)
  }

  #unlearnResource(kind: ResourceKind, key: number, count: number): void {
    const habit = this.#draws.get(kind)
    if (habit === undefined) return
    habit.draws = less(habit.draws, count)
    if (this.#seen.remove(key, count)) habit.distinct = less(habit.distinct, 1)
    if (habit.draws === 0 && habit.distinct === 0) this.#draws.delete(kind)
  }

  #learnParameter(slot: number, value: number): void {
    this.#parameters.add(slot)
    if (!this.#values.has(value)) this.#distinct.set(slot, (this.#distinct.get(slot) ?? 0) + 1)
    this.#values.add(value)
  }

  #unlearnParameter(slot: number, value: number): void {
    this.#parameters.remove(slot)
    if (this.#values.remove(value)) this.#distinct.set(slot, less(this.#distinct.get(slot) ?? 0, 1))
  }

  // Halving lets what was taught long ago fade.
  #learnSinks(sinks: SinkHabit): void {
    if (this.#sinks.calls + sinks.calls > maxSinkCalls)
      for (const kind of sinkKinds) this.#sinks[kind] = Math.floor(this.#sinks[kind] / 2)
    for (const kind of sinkKinds) this.#sinks[kind] += sinks[kind]
  }

  #forgetDropped(): void {
    for (const tool of this.#sensitivities.keys())
      if (!this.#tools.has(tool)) this.#sensitivities.delete(tool)
    for (const slot of this.#distinct.keys()) if (!this.#parameters.has(slot)) this.#distinct.delete(slot)
    for (const key of this.#kindOf.keys()) if (!this.#seen.has(key)) this.#kindOf.delete(key)
  }

  #resourceHabits(): Partial<Record<ResourceKind, ResourceHabit>> {
    const habits: Partial<Record<ResourceKind, ResourceHabit>> = {}
    for (const kind of resourceKinds) {
      const habit = this.#draws.get(kind)
      if (habit === undefined) continue
      const seen = [...this.#seen.entries()].map(([key]) => key).filter(key => this.#kindOf.get(key) === kind)
      habits[kind] = { ...habit, seen }
    }
    return habits
  }
}

const sinkKinds = ['calls', 'foreign', 'targets', 'others'] as const

const less = (held: number, taken: number): number => Math.max(0, held - taken)

/** Entities that enough sessions had, least recently used first. */
const knownOf = (counts: BoundedCounts<number>): readonly number[] =>
  [...counts.entries()].filter(([, sessions]) => sessions >= sessionsToKnow).map(([entity]) => entity)

const keyCounts = (counts: BoundedCounts<number>): KeyCounts => {
  const rows = [...counts.entries()]
  return { keys: rows.map(([key]) => key), counts: rows.map(([, count]) => count) }
}

const rowsOf = (held: KeyCounts | undefined): (readonly [number, number])[] | undefined =>
  held?.keys.map((key, position) => [key, held.counts[position] ?? 1] as const)
