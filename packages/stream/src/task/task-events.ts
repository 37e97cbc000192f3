import type { TaskState } from './task-state.ts'

/** What a service can tell of its tasks: each fact is one function, which the service maps to a log line and a metric. */
export interface TaskEvents {
  stateChanged(partition: number, change: { readonly from: TaskState; readonly to: TaskState }): void
  restored(partition: number, restored: RestoredFacts): void
  committed(partition: number, commit: CommitFacts): void
  /** The record went to the dead letters. */
  poisoned(partition: number, poison: { readonly offset: bigint; readonly reason: string }): void
  /** The input is held; `cause` is something that a later try may cure. */
  interrupted(partition: number, interruption: { readonly cause: Error; readonly retryMs: number }): void
  /** An output that cannot be published by any retry, or one of delivery `once` that met a fault, is gone. */
  outputLost(partition: number, loss: { readonly topic: string; readonly cause: Error }): void
  /** Publishing met a fault and goes on by itself. */
  outputDelayed(partition: number, delay: { readonly topic: string; readonly cause: Error }): void
  fenced(partition: number, fence: { readonly cause: Error }): void
  /** The task drops its state and starts anew in `retryMs`. */
  failed(partition: number, failure: { readonly cause: Error; readonly retryMs: number }): void
}

export interface RestoredFacts {
  /** Changelog records read. */
  readonly records: number
  readonly states: number
  /** Outputs that an earlier owner left to be published. */
  readonly outbox: number
  readonly position: bigint
  readonly seconds: number
}

export interface CommitFacts {
  readonly inputs: number
  readonly states: number
  readonly outputs: number
  readonly bytes: number
  /** Computing, synchronously. */
  readonly computeSeconds: number
  readonly commitSeconds: number
  readonly position: bigint
  /** Broker's append time of the last input, milliseconds since the Unix epoch. */
  readonly appendedAt: number
  /** Input records that wait, outputs that are not confirmed. */
  readonly queued: number
  readonly unconfirmed: number
}

const silence = (): void => {}

/** Fills in silence for what a service does not ask for. */
export const taskEvents = (events: Partial<TaskEvents>): TaskEvents => ({
  stateChanged: silence,
  restored: silence,
  committed: silence,
  poisoned: silence,
  interrupted: silence,
  outputLost: silence,
  outputDelayed: silence,
  fenced: silence,
  failed: silence,
  ...events,
})
