import { agentCapacity, poolCapacity } from '../baseline/capacity.ts'
import type { ProfileBuilder } from '../baseline/profile-builder.ts'
import type { PeakReservoir } from '../calibration/peak-reservoir.ts'
import type { Lesson } from '../lesson/lesson.ts'
import { model } from '../signals/model.ts'
import type { Suspicion } from '../suspicion/suspicion.ts'
import type { DailyAllowance } from './daily-allowance.ts'
import type { Subject } from './subject.ts'
import type { SubjectBaseline } from './subject-baseline.ts'

const { dayMs, growth, keptMs } = model.learning

/** Where a subject's learning stands. */
export interface LearningParts {
  readonly subject: Subject
  readonly builder: ProfileBuilder
  readonly allowance: DailyAllowance
  readonly reservoir: PeakReservoir
  readonly published: Publication
}

/** What was published last. */
export interface Publication {
  /** Counts from 1; 0: nothing yet. */
  readonly version: number
  readonly at: number
  /** That had taught it. */
  readonly sessions: number
  /** Older versions, and when each was superseded: sessions that began with them may still be going on. */
  readonly past: readonly (readonly [version: number, at: number])[]
  /** Something was learned or taken back since; the latter must not wait. */
  readonly changed: 'no' | 'yes' | 'urgently'
}

/** What `publish` gives. */
export interface NextVersion {
  readonly version: number
  readonly baseline: SubjectBaseline
  readonly retired: readonly number[]
}

/** How much of a session a subject learns. */
export interface SessionOutcome {
  readonly human: number
  readonly closedAt: number
  /** Highest evidence, nats. */
  readonly peak: number
  readonly isNew: boolean
}

/** Everything that the profiler knows of one agent, one role, or everyone, and what it makes of sessions. */
export class SubjectLearning {
  readonly subject: Subject
  readonly #builder: ProfileBuilder
  readonly #allowance: DailyAllowance
  readonly #reservoir: PeakReservoir
  #published: Publication

  constructor(parts: LearningParts) {
    this.subject = parts.subject
    this.#builder = parts.builder
    this.#allowance = parts.allowance
    this.#reservoir = parts.reservoir
    this.#published = parts.published
  }

  get parts(): LearningParts {
    return {
      subject: this.subject,
      builder: this.#builder,
      allowance: this.#allowance,
      reservoir: this.#reservoir,
      published: this.#published,
    }
  }

  /** Sessions that taught it: how mature it is. */
  get sessions(): number {
    return this.#builder.sessions
  }

  /**
   * One session more, unless its human has taught enough that day.
   * @param lesson undefined where the session only counts for the thresholds
   * @returns whether it was taken
   */
  learn(lesson: Lesson | undefined, { human, closedAt, peak, isNew }: SessionOutcome): boolean {
    if (!this.#allowance.take(human, closedAt, this.#builder.sessions)) return false
    if (lesson !== undefined) this.#builder.learn(lesson)
    this.#reservoir.add(peak, isNew)
    this.#change('yes')
    return true
  }

  /** Takes back what a session taught; its peak stays among the others until newer ones displace it. */
  unlearn(lesson: Lesson): void {
    this.#builder.unlearn(lesson)
    this.#change('urgently')
  }

  /** When the next version is to be published: 0 for at once, `Infinity` where nothing has changed. */
  get dueAt(): number {
    const { changed, sessions, at } = this.#published
    if (changed === 'no') return Infinity
    const hasGrown = this.sessions >= sessions + Math.max(1, Math.floor(growth * sessions))
    return changed === 'urgently' || hasGrown ? 0 : at + dayMs
  }

  /**
   * The next version, and those that nobody can be pinned to any more.
   * @param suspicions of an agent
   */
  publish(now: number, suspicions: readonly Suspicion[] = []): NextVersion {
    const { version: last, past } = this.#published
    const superseded = last === 0 ? past : [...past, [last, now] as const]
    const kept = superseded.filter(([, at]) => now - at < keptMs)
    this.#published = {
      version: last + 1,
      at: now,
      sessions: this.sessions,
      past: kept,
      changed: 'no',
    }
    return {
      version: last + 1,
      baseline: { profile: this.#builder.profile(), peaks: this.#reservoir.peaks(), suspicions },
      retired: superseded.filter(entry => !kept.includes(entry)).map(([version]) => version),
    }
  }

  #change(changed: 'yes' | 'urgently'): void {
    if (this.#published.changed !== 'urgently') this.#published = { ...this.#published, changed }
  }
}

export const capacityOf = ({ kind }: Subject): typeof agentCapacity =>
  kind === 'agent' ? agentCapacity : poolCapacity
