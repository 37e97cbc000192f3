import type { ResourceKind } from '@cordon/schemas'

import type { Profile, ResourceHabit } from './baselines.ts'
import { BoundedCounts } from './bounded-counts.ts'
import { BoundedSet } from './bounded-set.ts'
import { nothingBefore } from './lesson.ts'
import { sizeClasses } from '../signals/volume-signal.ts'
import type { LearntTaint, Lesson } from './lesson.ts'
import { resourceKinds } from './resource-key.ts'

/** How much a profile may remember. */
export interface Capacity {
  readonly tools: number
  readonly after: number
  readonly afterTwo: number
  readonly resources: number
  readonly entities: number
  readonly met: number
  readonly parameters: number
  readonly values: number
}

/** An agent's profile stays below 16 KiB as JSON, whatever its sessions do. */
export const agentCapacity: Capacity = {
  tools: 48,
  after: 96,
  afterTwo: 128,
  resources: 128,
  entities: 208,
  met: 448,
  parameters: 96,
  values: 448,
}

/** Of roles and of everyone nobody asks in which order tools are used, nor what an agent uses as a matter of course. */
export const poolCapacity: Capacity = {
  tools: 256,
  after: 0,
  afterTwo: 0,
  resources: 1024,
  entities: 0,
  met: 16_384,
  parameters: 0,
  values: 4096,
}

// In keys of pairs and triples; no stored tool name holds it.
const separator = '\n'

/** Sensitive calls over which shares of tainted arguments are taken. */
const maxSinkCalls = 128

/**
 * Sessions that have to meet an entity before it is known: what somebody slipped into one session's results must not pass
 * as known in the next.
 */
const sessionsToKnow = 3

/** One profile in the making. */
export class ProfileBuilder {
  readonly #tools: BoundedCounts<string>
  readonly #sensitivities = new Map<string, number>()
  readonly #after: BoundedCounts<string>
  readonly #afterTwo: BoundedCounts<string>
  readonly #seen: BoundedSet<number>
  readonly #kindOf = new Map<number, ResourceKind>()
  readonly #draws = new Map<ResourceKind, { draws: number; distinct: number }>()
  readonly #entities: BoundedCounts<number>
  readonly #rate = { sessions: 0, mean: 0, squares: 0 }
  readonly #outcomes = { calls: 0, failures: 0 }
  readonly #met: BoundedCounts<number>
  readonly #parameters: BoundedCounts<number>
  readonly #distinct = new Map<number, number>()
  readonly #values: BoundedSet<number>
  readonly #sizes: number[] = Array.from({ length: sizeClasses }, () => 0)
  readonly #sinks = { calls: 0, foreign: 0, targets: 0, others: 0 }
  #sessions = 0
  #calls = 0

  constructor(capacity: Capacity) {
    this.#tools = new BoundedCounts(capacity.tools)
    this.#after = new BoundedCounts(capacity.after)
    this.#afterTwo = new BoundedCounts(capacity.afterTwo)
    this.#seen = new BoundedSet(capacity.resources)
    this.#entities = new BoundedCounts(capacity.entities)
    this.#met = new BoundedCounts(capacity.met)
    this.#parameters = new BoundedCounts(capacity.parameters)
    this.#values = new BoundedSet(capacity.values)
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
    for (const { tool, sensitivity } of lesson.tools) {
      this.#calls += 1
      this.#tools.add(tool)
      this.#sensitivities.set(tool, sensitivity)
    }
    for (const { previous, tool } of lesson.after) this.#after.add([previous, tool].join(separator))
    for (const { beforeThat, previous, tool } of lesson.afterTwo)
      this.#afterTwo.add([beforeThat, previous, tool].join(separator))
    for (const { kind, key } of lesson.resources) this.#learnResource(kind, key)
    for (const entity of lesson.entities) this.#entities.add(entity)
    for (const entity of lesson.met) this.#met.add(entity)
    for (const { slot, value } of lesson.parameters) this.#learnParameter(slot, value)
    for (const size of lesson.sizes) this.#sizes[size]! += 1
    for (const { failed } of lesson.outcomes) {
      this.#outcomes.calls += 1
      if (failed) this.#outcomes.failures += 1
    }
    for (const { taint } of lesson.sinks) this.#learnSink(taint)
    this.#learnRate(lesson.rate)
    this.#forgetDropped()
  }

  profile(): Profile {
    const tools = [...this.#tools.entries()].map(
      ([name, count]) => [name, count, this.#sensitivities.get(name) ?? 0] as const,
    )
    const positions = new Map(tools.map(([name], position) => [name, position]))
    positions.set(nothingBefore, -1)
    // A context whose tool was dropped is dropped with it.
    const positionsOf = (key: string): readonly number[] | undefined => {
      const found = key.split(separator).map(name => positions.get(name))
      return found.includes(undefined) ? undefined : (found as number[])
    }
    return {
      sessions: this.#sessions,
      calls: this.#calls,
      tools,
      after: [...this.#after.entries()].flatMap(([key, count]) => {
        const [previous, tool] = positionsOf(key) ?? []
        return previous === undefined || tool === undefined ? [] : [[previous, tool, count] as const]
      }),
      afterTwo: [...this.#afterTwo.entries()].flatMap(([key, count]) => {
        const [beforeThat, previous, tool] = positionsOf(key) ?? []
        return beforeThat === undefined || previous === undefined || tool === undefined
          ? []
          : [[beforeThat, previous, tool, count] as const]
      }),
      resources: this.#resourceHabits(),
      entities: knownOf(this.#entities),
      met: knownOf(this.#met),
      parameters: [...this.#parameters.entries()].map(
        ([slot, draws]) => [slot, draws, this.#distinct.get(slot) ?? 0] as const,
      ),
      values: [...this.#values.values()],
      sizes: [...this.#sizes],
      rate: { ...this.#rate },
      outcomes: { ...this.#outcomes },
      sinks: { ...this.#sinks },
    }
  }

  #learnResource(kind: ResourceKind, key: number): void {
    const habit = this.#draws.get(kind) ?? { draws: 0, distinct: 0 }
    this.#draws.set(kind, habit)
    habit.draws += 1
    if (this.#seen.use(key)) habit.distinct += 1
    this.#kindOf.set(key, kind)
  }

  #learnParameter(slot: number, value: number): void {
    this.#parameters.add(slot)
    if (this.#values.use(value)) this.#distinct.set(slot, (this.#distinct.get(slot) ?? 0) + 1)
  }

  // Halving lets what was taught long ago fade.
  #learnSink(taint: LearntTaint): void {
    const sinks = this.#sinks
    if (sinks.calls >= maxSinkCalls) {
      sinks.calls = Math.floor(sinks.calls / 2)
      sinks.foreign = Math.floor(sinks.foreign / 2)
      sinks.targets = Math.floor(sinks.targets / 2)
      sinks.others = Math.floor(sinks.others / 2)
    }
    sinks.calls += 1
    if (taint !== 'none') sinks[taint] += 1
  }

  #learnRate(rate: number): void {
    this.#rate.sessions += 1
    const difference = rate - this.#rate.mean
    this.#rate.mean += difference / this.#rate.sessions
    this.#rate.squares += difference * (rate - this.#rate.mean)
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
      const seen = [...this.#seen.values()].filter(key => this.#kindOf.get(key) === kind)
      habits[kind] = { ...habit, seen }
    }
    return habits
  }
}

/** Entities that enough sessions had, least recently used first. */
const knownOf = (counts: BoundedCounts<number>): readonly number[] =>
  [...counts.entries()].filter(([, sessions]) => sessions >= sessionsToKnow).map(([entity]) => entity)
