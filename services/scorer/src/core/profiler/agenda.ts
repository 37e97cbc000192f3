import { subjectKey } from '@cordon/risk'
import type { StateChange } from '@cordon/stream'

import { isLearning, isLesson } from './profiler-state.ts'
import type { ProfilerState } from './profiler-state.ts'

/** Lessons of one subject that are due. */
export interface DueLessons {
  readonly subject: string
  readonly keys: readonly string[]
}

interface DueItem {
  readonly dueAt: number
  readonly subject: string
}

/**
 * What a tick has to look at: an index of the states, so that a tick reads none but those. What it answers follows from the
 * states alone, whether it was built anew or kept up, because outputs follow from it.
 */
export class Agenda {
  /** Key of a lesson → when it is due, and whose it is. */
  readonly #lessons = new Map<string, DueItem>()
  /** Key of a learning, or of suspicions → whose, and when it is to be published. */
  readonly #news = new Map<string, DueItem>()

  static of(states: Iterable<readonly [string, ProfilerState]>): Agenda {
    const agenda = new Agenda()
    for (const [key, state] of states) agenda.note({ key, state })
    return agenda
  }

  /** To be told of every change. */
  note({ key, state }: StateChange<ProfilerState>): void {
    this.#lessons.delete(key)
    this.#news.delete(key)
    if (state === null) return
    // Not the state itself: the store has it encoded, and what it teaches is many times larger decoded.
    if (isLesson(state)) this.#lessons.set(key, { dueAt: state.dueAt, subject: state.subject })
    else if (!isLearning(state)) {
      if (state.suspicions.isUrgent) this.#news.set(key, { dueAt: 0, subject: state.subject })
    } else if (state.learning.dueAt < Infinity)
      this.#news.set(key, { dueAt: state.learning.dueAt, subject: subjectKey(state.learning.subject) })
  }

  /** The subject that has waited longest for its next version; of equal ones the first by its key. */
  toPublish(now: number): string | undefined {
    return firstDue(this.#news, now)?.subject
  }

  /** The lessons of the subject whose turn it is. @param most so many at once */
  toTake(now: number, most: number): DueLessons | undefined {
    const subject = firstDue(this.#lessons, now)?.subject
    if (subject === undefined) return undefined
    const keys = [...this.#lessons]
      .filter(([, lesson]) => lesson.subject === subject && lesson.dueAt <= now)
      .sort(([a, { dueAt: ofA }], [b, { dueAt: ofB }]) => ofA - ofB || (a < b ? -1 : 1))
      .slice(0, most)
      .map(([key]) => key)
    return { subject, keys }
  }
}

const firstDue = (items: ReadonlyMap<string, DueItem>, now: number): DueItem | undefined => {
  let first: string | undefined
  let earliest: DueItem | undefined
  for (const [key, item] of items) {
    if (item.dueAt > now || (earliest !== undefined && item.dueAt > earliest.dueAt)) continue
    if (first !== undefined && item.dueAt === earliest?.dueAt && key > first) continue
    first = key
    earliest = item
  }
  return earliest
}
