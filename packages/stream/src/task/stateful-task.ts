import type { AssignmentEpoch } from '../ports.ts'
import type { Cancel } from '../scheduler.ts'
import type { TaskContext } from './task-context.ts'
import { retryDelayMs } from './task-limits.ts'
import { nextTaskState } from './task-state.ts'
import type { TaskEvent, TaskState } from './task-state.ts'
import { Tenure } from './tenure.ts'
import type { TenureEnd } from './tenure.ts'

/** A task as a service or an operator sees it. */
export interface TaskStatus {
  readonly state: TaskState
  /** Next input offset that is not committed; `undefined` until it is restored. */
  readonly position: bigint | undefined
  /** Input records that are known to exist and are not committed. */
  readonly lag: number
}

// So long without a failure, and the next one counts as the first.
const steadyMs = 60_000

/** The task of one assigned partition: tenure after tenure, for as long as the membership that assigned it is current. */
export class StatefulTask<State> {
  readonly partition: number
  readonly #context: TaskContext<State>
  readonly #epoch: AssignmentEpoch
  readonly #running: Promise<void>
  #state: TaskState = 'claiming'
  #tenure: Tenure<State>
  #wake: Cancel = () => {}

  constructor(context: TaskContext<State>, partition: number, epoch: AssignmentEpoch) {
    this.partition = partition
    this.#context = context
    this.#epoch = epoch
    this.#tenure = this.#newTenure()
    this.#running = this.#run()
  }

  get status(): TaskStatus {
    const work = this.#tenure.work
    return { state: this.#state, position: work?.position, lag: work?.lag ?? 0 }
  }

  /** The committed state of a key, as a copy; `undefined` where there is none, or nothing is restored. */
  state(key: string): State | undefined {
    return this.#tenure.work?.state(key)
  }

  /** Resolves when the partition is free for its next owner. */
  async stop(): Promise<void> {
    if (this.#state !== 'stopped') this.#meet('told to stop')
    this.#wake()
    await this.#tenure.stop()
    await this.#running
  }

  async #run(): Promise<void> {
    const { scheduler, events } = this.#context
    for (let attempt = 0; ; attempt += 1) {
      const startedAt = scheduler.elapsed()
      const end = await this.#tenure.run()
      if (this.#isStopping) break
      if (scheduler.elapsed() - startedAt > steadyMs) attempt = 0
      const retryMs = retryDelayMs(this.#context.limits, attempt)
      this.#tell(end, retryMs, events)
      await this.#pause(retryMs)
      if (this.#isStopping) break
      if (!this.#epoch.isCurrent()) {
        this.#meet('superseded')
        return
      }
      this.#tenure = this.#newTenure()
      this.#meet('restarted')
    }
    this.#meet('drained')
  }

  get #isStopping(): boolean {
    return this.#state === 'stopping'
  }

  #tell(end: TenureEnd, retryMs: number, events: TaskContext<State>['events']): void {
    if (end.how === 'drained') throw new RangeError('tenure: expected to be told to stop first, got drained')
    this.#meet(end.how)
    if (end.how === 'fenced') events.fenced(this.partition, { cause: end.cause })
    else events.failed(this.partition, { cause: end.cause, retryMs })
  }

  async #pause(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = this.#context.scheduler.after(milliseconds, resolve)
    this.#wake = resolve
    await promise
    cancel()
  }

  #newTenure(): Tenure<State> {
    const tenure: Tenure<State> = new Tenure({
      context: this.#context,
      partition: this.partition,
      epoch: this.#epoch,
      // What an ending tenure still has to say concerns nobody.
      onEvent: event => {
        if (tenure === this.#tenure && !this.#isStopping) this.#meet(event)
      },
    })
    return tenure
  }

  #meet(event: TaskEvent): void {
    const from = this.#state
    const to = nextTaskState(from, event)
    this.#state = to
    if (from !== to) this.#context.events.stateChanged(this.partition, { from, to })
  }
}
