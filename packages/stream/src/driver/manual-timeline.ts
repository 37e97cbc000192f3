import type { MemoryStep } from '../memory/memory-step.ts'
import type { Cancel, Scheduler } from '../scheduler.ts'

/** Something that could happen next: a step between an owner and the cluster, or an owner going on by itself. */
export type PendingStep = MemoryStep | OwnStep

/** An owner goes on with what it had put off. */
export interface OwnStep {
  readonly client: string
  readonly operation: 'go on'
  run(): void
}

interface Timer {
  readonly at: number
  readonly owner: ManualScheduler
  readonly run: () => void
}

/** Time and order of everything, by hand: nothing happens unless it is told to, and time passes only when it is advanced. */
export class ManualTimeline {
  #now: number
  #steps: PendingStep[] = []
  #timers: Timer[] = []

  /** @param startAt milliseconds since the Unix epoch */
  constructor(startAt: number) {
    this.#now = startAt
  }

  now(): number {
    return this.#now
  }

  get pending(): readonly PendingStep[] {
    return this.#steps
  }

  add(step: PendingStep): void {
    this.#steps.push(step)
  }

  addTimer(timer: Timer): Cancel {
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer)
    }
  }

  /** The step that came first, and what it set going. */
  async step(): Promise<PendingStep | undefined> {
    // What came before may not have got to its next step yet.
    await microtasks()
    const step = this.#steps.shift()
    if (step === undefined) return undefined
    step.run()
    await microtasks()
    return step
  }

  /** Lets time pass up to the next timer, or to `until`. @returns whether there was a timer */
  async passTo(until: number): Promise<boolean> {
    const due = this.#timers
      .filter(({ at, owner }) => at <= until && owner.isAwake)
      .sort((a, b) => a.at - b.at)
      .at(0)
    this.#now = Math.max(this.#now, due?.at ?? until)
    if (due === undefined) return false
    this.#timers = this.#timers.filter(timer => timer !== due)
    due.run()
    await microtasks()
    return true
  }
}

/** One owner's share of a timeline: it may stand still, or be over. */
export class ManualScheduler implements Scheduler {
  readonly #timeline: ManualTimeline
  readonly #client: string
  #state: 'awake' | 'asleep' | 'dead' = 'awake'
  #held: (() => void)[] = []

  constructor(timeline: ManualTimeline, client: string) {
    this.#timeline = timeline
    this.#client = client
  }

  get isAwake(): boolean {
    return this.#state === 'awake'
  }

  now(): number {
    return this.#timeline.now()
  }

  elapsed(): number {
    return this.#timeline.now()
  }

  after(milliseconds: number, run: () => void): Cancel {
    return this.#timeline.addTimer({ at: this.now() + milliseconds, owner: this, run })
  }

  soon(run: () => void): void {
    this.#timeline.add({ client: this.#client, operation: 'go on', run: () => this.#goOn(run) })
  }

  sleep(): void {
    if (this.#state === 'awake') this.#state = 'asleep'
  }

  wake(): void {
    if (this.#state === 'asleep') this.#state = 'awake'
    for (const run of this.#held.splice(0)) this.soon(run)
  }

  die(): void {
    this.#state = 'dead'
  }

  #goOn(run: () => void): void {
    if (this.#state === 'awake') run()
    else if (this.#state === 'asleep') this.#held.push(run)
  }
}

// Neither the task nor the cluster waits for anything but each other, so one turn of the event loop is enough.
const microtasks = async (): Promise<void> => await new Promise(resolve => setImmediate(resolve))
