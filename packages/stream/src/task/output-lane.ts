import type { TopicName } from '@cordon/schemas'

import type { OutgoingRecord } from '../ports.ts'
import type { Cancel, Scheduler } from '../scheduler.ts'
import { StreamError } from '../stream-error.ts'
import type { Outgoing } from './outbox.ts'
import { sizeOfOutput } from './outbox.ts'
import { retryDelayMs } from './task-limits.ts'
import type { TaskLimits } from './task-limits.ts'

export interface OutputLaneOptions {
  readonly topic: TopicName
  readonly limits: TaskLimits
  readonly scheduler: Scheduler
  send(records: readonly OutgoingRecord[]): Promise<unknown>
  /** Acknowledged: not to be sent again. */
  onConfirmed(outgoing: readonly Outgoing[]): void
  /** Given up. */
  onLost(outgoing: Outgoing, cause: Error): void
  onDelayed(cause: Error): void
  /** Nothing is left to be sent. */
  onIdle(): void
  /** Nothing further can be sent: fenced, closed or broken. */
  onFailure(error: unknown): void
}

/**
 * Outputs to one topic, in the order in which they came about: one request at a time, and what comes about meanwhile
 * makes up the next. Neither commits wait for it nor it for commits.
 */
export class OutputLane {
  readonly #options: OutputLaneOptions
  #queue: Outgoing[] = []
  #sending = false
  #isOpen = true
  #cancelRetry: Cancel = () => {}
  #attempt = 0
  #isolating = 0

  constructor(options: OutputLaneOptions) {
    this.#options = options
  }

  get isIdle(): boolean {
    return !this.#sending && this.#queue.length === 0
  }

  add(outgoing: Outgoing): void {
    if (this.#isOpen) this.#queue.push(outgoing)
  }

  /** Sends what was added. */
  flush(): void {
    if (this.#sending || this.#queue.length === 0) return
    this.#sending = true
    void this.#send()
  }

  close(): void {
    this.#isOpen = false
    this.#queue = []
    this.#cancelRetry()
  }

  async #send(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#take()
      try {
        await this.#options.send(batch.map(({ record }) => record))
        if (!this.#isOpen) return
        this.#attempt = 0
        this.#options.onConfirmed(batch)
      } catch (error) {
        if (!this.#isOpen || !this.#recover(batch, error)) return
      }
    }
    this.#sending = false
    this.#options.onIdle()
  }

  #take(): Outgoing[] {
    if (this.#isolating > 0) {
      this.#isolating -= 1
      return this.#queue.splice(0, 1)
    }
    let bytes = 0
    const fitting = this.#queue.findIndex(
      outgoing => (bytes += sizeOfOutput(outgoing)) > this.#options.limits.batchBytes,
    )
    return this.#queue.splice(0, fitting === -1 ? this.#queue.length : Math.max(1, fitting))
  }

  /** @returns whether to go on at once */
  #recover(batch: readonly Outgoing[], error: unknown): boolean {
    if (!(error instanceof StreamError)) {
      this.#options.onFailure(error)
      return false
    }
    switch (error.code) {
      case 'RECORD_TOO_LARGE':
      case 'TOPIC_UNKNOWN':
        this.#isolate(batch, error)
        return true
      case 'TRANSIENT_FAULT':
      case 'REFUSED':
        this.#retryLater(batch, error)
        return false
      default:
        this.#options.onFailure(error)
        return false
    }
  }

  // No retry cures these, but they may concern one record only: it must not hold up the others.
  #isolate(batch: readonly Outgoing[], cause: StreamError): void {
    if (batch.length === 1) {
      this.#options.onLost(batch[0]!, cause)
      return
    }
    this.#queue.unshift(...batch)
    this.#isolating = batch.length
  }

  #retryLater(batch: readonly Outgoing[], cause: StreamError): void {
    const { limits, scheduler } = this.#options
    // Whoever waited for these has given up by now.
    for (const outgoing of batch) if (outgoing.outboxKey === null) this.#options.onLost(outgoing, cause)
    this.#queue.unshift(...batch.filter(({ outboxKey }) => outboxKey !== null))
    this.#options.onDelayed(cause)
    const delayMs = retryDelayMs(limits, this.#attempt++)
    this.#cancelRetry = scheduler.after(delayMs, () => {
      this.#sending = false
      this.flush()
    })
  }
}
