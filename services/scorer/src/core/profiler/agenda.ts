import { subjectKey } from '@cordon/risk'
import type { StateChange } from '@cordon/stream'

import { DueQueue, isBefore } from '../due-queue.ts'
import type { DueItem } from '../due-queue.ts'
import { isLearning, isLesson } from './profiler-state.ts'
import type { LessonEntry, ProfilerState } from './profiler-state.ts'

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
  /** Subject → keys of its lessons. Not the states: the store has them encoded, and decoded they are many times larger. */
  readonly #lessons = new Map<string, DueQueue>()
  /** Key of a lesson → where it waits. */
  readonly #queueOf = new Map<string, DueQueue>()
  /** Keys of learning and of suspicions that are to be published. */
  readonly #news = new DueQueue()
  /** Key of one of those → its subject. */
  readonly #subjectOf = new Map<string, string>()

  static of(states: Iterable<readonly [string, ProfilerState]>): Agenda {
    const agenda = new Agenda()
    for (const [key, state] of states) agenda.note({ key, state })
    return agenda
  }

  /** To be told of every change. */
  note({ key, state }: StateChange<ProfilerState>): void {
    if (state !== null && isLesson(state)) this.#await(key, state)
    else if (state !== null && isLearning(state))
      this.#announce(key, subjectKey(state.learning.subject), state.learning.dueAt)
    else if (state !== null) this.#announce(key, state.subject, state.suspicions.isUrgent ? 0 : Infinity)
    else this.#forget(key)
  }

  /** The subject that has waited longest for its next version; of equal ones the first by its key. */
  toPublish(now: number): string | undefined {
    const first = this.#news.first()
    return first === undefined || first.dueAt > now ? undefined : this.#subjectOf.get(first.key)
  }

  /** The lessons of the subject whose turn it is. @param most so many at once */
  toTake(now: number, most: number): DueLessons | undefined {
    let turn: string | undefined
    let earliest: DueItem = { key: '', dueAt: now + 1 }
    for (const [subject, lessons] of this.#lessons) {
      const first = lessons.first()
      if (first === undefined || !isBefore(first, earliest)) continue
      turn = subject
      earliest = first
    }
    if (turn === undefined) return undefined
    return { subject: turn, keys: this.#lessons.get(turn)!.dueBefore(now + 1, most) }
  }

  #await(key: string, { subject, dueAt }: LessonEntry): void {
    const lessons = this.#lessons.get(subject) ?? new DueQueue()
    this.#lessons.set(subject, lessons)
    this.#queueOf.set(key, lessons)
    lessons.set(key, dueAt)
  }

  #announce(key: string, subject: string, dueAt: number): void {
    if (dueAt === Infinity) return this.#forget(key)
    this.#subjectOf.set(key, subject)
    this.#news.set(key, dueAt)
  }

  #forget(key: string): void {
    this.#queueOf.get(key)?.delete(key)
    this.#queueOf.delete(key)
    this.#news.delete(key)
    this.#subjectOf.delete(key)
  }
}
