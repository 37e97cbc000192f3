import type { Cancel } from '../scheduler.ts'
import type { TaskContext } from './task-context.ts'

export interface HeartbeatOptions<State> extends Pick<
  TaskContext<State>,
  'processor' | 'publisher' | 'scheduler' | 'events' | 'tickIntervalMs'
> {
  readonly partition: number
  /** Next input offset that is not committed. */
  readonly position: () => bigint
  readonly isRunning: () => boolean
  readonly beat: () => void
}

// Where nobody ticks, beats are all there is.
const beatIntervalMs = 1000

/**
 * Writes time to the input, and beats when that has gone the whole way: through the log, the task and a commit. So a
 * beat says more than that a process lives, and stays away as soon as the task falls behind.
 */
export class Heartbeat<State> {
  readonly #options: HeartbeatOptions<State>
  #cancel: Cancel = () => {}
  #ticking = false
  // Offset of a tick that was written and is not committed.
  #awaited: bigint | undefined
  #inputEnd = 0n
  #isOver = false

  constructor(options: HeartbeatOptions<State>) {
    this.#options = options
  }

  /** Offset after the last tick: the input's end as far as this owner knows. */
  get inputEnd(): bigint {
    return this.#inputEnd
  }

  start(): void {
    const { scheduler, tickIntervalMs, isRunning, beat } = this.#options
    if (this.#isOver) return
    if (tickIntervalMs > 0) void this.#tick()
    else if (isRunning()) beat()
    this.#cancel = scheduler.after(tickIntervalMs || beatIntervalMs, () => this.start())
  }

  /** To be told when the position has moved. */
  committed(): void {
    if (this.#awaited === undefined || this.#options.position() <= this.#awaited) return
    this.#awaited = undefined
    this.#options.beat()
  }

  stop(): void {
    this.#isOver = true
    this.#cancel()
  }

  async #tick(): Promise<void> {
    // The one before is not even in the log: another would only wait behind it.
    if (this.#ticking) return
    this.#ticking = true
    const { processor, publisher, partition, scheduler, events } = this.#options
    try {
      const [offset] = await publisher.publish([processor.tick(partition, scheduler.now())])
      if (this.#isOver || offset === undefined) return
      this.#awaited = offset
      this.#inputEnd = offset + 1n
      this.committed()
    } catch (cause) {
      if (!this.#isOver) events.outputLost(partition, { topic: processor.input, cause: cause as Error })
    } finally {
      this.#ticking = false
    }
  }
}
