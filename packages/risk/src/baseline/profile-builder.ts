import { nothingAfter, nothingBefore } from '../lesson/lesson.ts'
import type { Lesson } from '../lesson/lesson.ts'
import { sizeClasses } from '../signals/volume-signal.ts'
import type { Profile, SinkHabit } from './baselines.ts'
import { BoundedCounts } from './bounded-counts.ts'
import type { Capacity } from './capacity.ts'
import { keyCounts, rowsOf, type LearnedCounts } from './learned-counts.ts'
import { OriginCounts } from './origin-counts.ts'
import { sinkKey } from './origin-key.ts'
import { ParameterCounts } from './parameter-counts.ts'
import { RateMoments } from './rate-moments.ts'
import { ResourceCounts } from './resource-counts.ts'

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

/** One profile in the making. */
export class ProfileBuilder {
  readonly #tools: BoundedCounts<string>
  readonly #sensitivities = new Map<string, number>()
  readonly #after: BoundedCounts<string>
  readonly #afterTwo: BoundedCounts<string>
  readonly #resources: ResourceCounts
  readonly #entities: BoundedCounts<number>
  readonly #rate: RateMoments
  readonly #outcomes = { calls: 0, failures: 0 }
  readonly #met: BoundedCounts<number>
  readonly #parameters: ParameterCounts
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
    this.#resources = new ResourceCounts(capacity.resources, learned)
    this.#entities = new BoundedCounts(capacity.entities, rowsOf(learned?.entities))
    this.#met = new BoundedCounts(capacity.met, rowsOf(learned?.met))
    this.#parameters = new ParameterCounts(capacity, learned)
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

  knowsValue(value: number): boolean {
    return this.#parameters.knows(value)
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
    for (const { kind, key, count } of lesson.resources) this.#resources.add(kind, key, count)
    for (const entity of lesson.entities) this.#entities.add(entity)
    for (const entity of lesson.met) this.#met.add(entity)
    for (const value of lesson.parameters) this.#parameters.add(value)
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
    for (const { kind, key, count } of lesson.resources) this.#resources.remove(kind, key, count)
    for (const entity of lesson.entities) this.#entities.remove(entity)
    for (const entity of lesson.met) this.#met.remove(entity)
    for (const value of lesson.parameters) this.#parameters.remove(value)
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
      resources: this.#resources.habits(),
      entities: knownOf(this.#entities),
      met: knownOf(this.#met),
      parameters: this.#parameters.rows(),
      values: this.#parameters.values(),
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
      ...this.#resources.learned(),
      entities: keyCounts(this.#entities),
      met: keyCounts(this.#met),
      ...this.#parameters.learned(),
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
    for (const [size, count] of learned.sizes.entries()) this.#sizes[size] = count
    Object.assign(this.#outcomes, learned.outcomes)
    Object.assign(this.#sinks, learned.sinks)
  }

  #toolRows(): (readonly [string, number, number])[] {
    return [...this.#tools.entries()].map(
      ([name, count]) => [name, count, this.#sensitivities.get(name) ?? 0] as const,
    )
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
    this.#parameters.forgetDropped()
    this.#resources.forgetDropped()
  }
}

const sinkKinds = ['calls', 'foreign', 'targets', 'others'] as const

const less = (held: number, taken: number): number => Math.max(0, held - taken)

/** Entities that enough sessions had, least recently used first. */
const knownOf = (counts: BoundedCounts<number>): readonly number[] =>
  [...counts.entries()].filter(([, sessions]) => sessions >= sessionsToKnow).map(([entity]) => entity)
