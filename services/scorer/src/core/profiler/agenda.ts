import type { StateChange } from '@cordon/stream'

import { isLesson } from './profiler-state.ts'
import type { ProfilerState } from './profiler-state.ts'

/** Lessons of one subject that are due. */
export interface DueLessons {
  readonly subject: string
  readonly keys: readonly string[]
}

/**
 * What a tick has to look at: an index of the states, so that a tick reads none but those. What it answers follows from the
 * states alone, whether it was built anew or kept up, because outputs follow from it.
 */
export class Agenda {
  /** Key of a lesson → when it is due, and whose it is. */
  readonly #lessons = new Map<string, { readonly dueAt: number; readonly subject: string }>()
  /** Key of a learning → when it is to be published. */
  readonly #learnings = new Map<string, number>()

  static of(states: Iterable<readonly [string, ProfilerState]>): Agenda {
    const agenda = new Agenda()
    for (const [key, state] of states) agenda.note({ key, state })
    return agenda
  }

  /** To be told of every change. */
  note({ key, state }: StateChange<ProfilerState>): void {
    this.#lessons.delete(key)
    this.#learnings.delete(key)
    if (state === null) return
    if (isLesson(state)) this.#lessons.set(key, state)
    else if (state.learning.dueAt < Infinity) this.#learnings.set(key, state.learning.dueAt)
  }

  /** The learning that has waited longest to be published; of equal ones the first by its key. */
  toPublish(now: number): string | undefined {
    return firstDue(this.#learnings, dueAt => dueAt, now)
  }

  /** The lessons of the subject whose turn it is. @param most so many at once */
  toTake(now: number, most: number): DueLessons | undefined {
    const first = firstDue(this.#lessons, ({ dueAt }) => dueAt, now)
    if (first === undefined) return undefined
    const { subject } = this.#lessons.get(first)!
    const keys = [...this.#lessons]
      .filter(([, lesson]) => lesson.subject === subject && lesson.dueAt <= now)
      .sort(([a, { dueAt: ofA }], [b, { dueAt: ofB }]) => ofA - ofB || (a < b ? -1 : 1))
      .slice(0, most)
      .map(([key]) => key)
    return { subject, keys }
  }
}

const firstDue = <Item>(
  items: ReadonlyMap<string, Item>,
  dueAtOf: (item: Item) => number,
  now: number,
): string | undefined => {
  let first: string | undefined
  let earliest = Infinity
  for (const [key, item] of items) {
    const dueAt = dueAtOf(item)
    if (dueAt > now || dueAt > earliest) continue
    if (first !== undefined && dueAt === earliest && key > first) continue
    first = key
    earliest = dueAt
  }
  return first
}
