import type { FencedWriter, LogRecord } from '../ports.ts'
import { BatchMaker } from './batch-maker.ts'
import type { LeftOver } from './changelog-image.ts'
import { Heartbeat } from './heartbeat.ts'
import type { InputSink } from './input-feed.ts'
import { InputHold } from './input-hold.ts'
import { InputQueue } from './input-queue.ts'
import type { MicroBatch } from './micro-batch.ts'
import { Outbox } from './outbox.ts'
import type { Outgoing } from './outbox.ts'
import { OutputLanes } from './output-lanes.ts'
import type { StateStore } from './state-store.ts'
import type { TaskContext } from './task-context.ts'
import type { TaskEvent } from './task-state.ts'

export interface TaskWorkOptions<State> {
  readonly context: TaskContext<State>
  readonly partition: number
  readonly generation: number
  /** Taken over. */
  readonly writer: FencedWriter
  readonly store: StateStore<State>
  /** Next input offset. */
  readonly position: bigint
  readonly leftOver: readonly LeftOver[]
  readonly onEvent: (event: TaskEvent) => void
  /** Nothing goes on after it. */
  readonly onFailure: (error: unknown) => void
}

// A last commit of a partition that is handed over removes up to so many entries of the outbox.
const farewellRemovals = 1000

/**
 * The work on one partition's input. Records that arrive while nothing is being committed are computed at once and
 * synchronously; those that arrive during a commit make up the next micro-batch.
 */
export class TaskWork<State> implements InputSink {
  readonly #options: TaskWorkOptions<State>
  readonly #queue: InputQueue
  readonly #outbox: Outbox
  readonly #batches: BatchMaker<State>
  readonly #lanes: OutputLanes<State>
  readonly #heartbeat: Heartbeat<State>
  readonly #hold: InputHold
  #position: bigint
  #isWorking = false
  #drained: (() => void) | undefined
  #isTaking = true
  #isOver = false

  constructor(options: TaskWorkOptions<State>) {
    const { context, partition, generation, writer, store } = options
    const { processor, codec, limits } = context
    const queue = new InputQueue(limits.queueBytes)
    const outbox = new Outbox(limits)
    this.#options = options
    this.#position = options.position
    this.#queue = queue
    this.#outbox = outbox
    this.#batches = new BatchMaker({ partition, processor, codec, generation, limits, store, queue, outbox })
    this.#hold = new InputHold({
      context,
      partition,
      condemn: (offset, reason) => this.#batches.condemn(offset, reason),
    })
    this.#lanes = new OutputLanes({
      context,
      partition,
      writer,
      outbox,
      onSettled: () => this.#onSettled(),
      onFailure: error => this.onFailure(error),
    })
    this.#heartbeat = new Heartbeat({
      ...context,
      partition,
      position: () => this.#position,
      isRunning: () => !this.#hold.isOn,
      beat: () => this.#beat(),
    })
  }

  /** Next input offset that is not committed. */
  get position(): bigint {
    return this.#position
  }

  /** Input records that exist, as far as this owner knows, and are not committed. */
  get lag(): number {
    const tickEnd = this.#heartbeat.inputEnd
    const end = tickEnd > this.#queue.end ? tickEnd : this.#queue.end
    return end > this.#position ? Number(end - this.#position) : 0
  }

  /** The committed state of a key, as a copy. */
  state(key: string): State | undefined {
    return this.#options.store.read(key)
  }

  async begin(): Promise<void> {
    const { context, partition, leftOver } = this.#options
    this.#lanes.publish(leftOver)
    await context.feed.attach(partition, this.#position, this)
    if (this.#isOver) await context.feed.detach(partition, this)
    else this.#heartbeat.start()
  }

  /** Takes nothing further; resolves when what was begun is done, or after the limit. */
  async drain(): Promise<void> {
    if (this.#isOver) return
    this.#isTaking = false
    this.#heartbeat.stop()
    const { scheduler, limits } = this.#options.context
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#drained = resolve
    const cancel = scheduler.after(limits.drainMs, resolve)
    this.#onSettled()
    await promise
    cancel()
  }

  async close(): Promise<void> {
    this.#isTaking = false
    this.#isOver = true
    this.#heartbeat.stop()
    this.#lanes.close()
    this.#queue.close()
    const { context, partition, writer } = this.#options
    await context.feed.detach(partition, this)
    await writer.close()
  }

  onRecords(records: readonly LogRecord[]): Promise<void> | undefined {
    const room = this.#queue.add(records)
    this.#wake()
    return room
  }

  onFailure(error: unknown): void {
    this.#isTaking = false
    this.#options.onFailure(error)
  }

  #wake(): void {
    if (!this.#isWorking && this.#mayWork()) void this.#work()
  }

  #mayWork(): boolean {
    return this.#isTaking && this.#queue.length > 0 && !this.#outbox.isFull
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    try {
      while (this.#mayWork()) {
        const startedAt = this.#elapsed()
        const next = this.#batches.next()
        if ('cause' in next) {
          // The record is the first of the queue and stays there.
          this.#options.onEvent('interrupted')
          await this.#hold.wait(next)
        } else {
          if (this.#hold.isOn) this.#resume()
          await this.#commit(next, startedAt)
        }
      }
    } catch (error) {
      this.onFailure(error)
    } finally {
      this.#isWorking = false
      this.#onSettled()
    }
  }

  async #commit(batch: MicroBatch, startedAt: number): Promise<void> {
    const { writer, context } = this.#options
    const computedAt = this.#elapsed()
    const isClaimed = ({ record }: Outgoing): boolean => context.processor.claimed.includes(record.topic)
    // Beside their commit, not after it: where that fails, the next owner computes the same outputs from the same records,
    // and whoever is no owner any more is refused by the topic itself.
    this.#lanes.publish(batch.outputs.filter(output => isClaimed(output)))
    await writer.commit(batch.records)
    if (this.#isOver) return
    this.#batches.settle(batch)
    this.#position = batch.position
    this.#lanes.publish(batch.outputs.filter(output => !isClaimed(output)))
    this.#heartbeat.committed()
    this.#report(batch, computedAt - startedAt, this.#elapsed() - computedAt)
    // Outputs leave, and other partitions get their turn, before the next micro-batch is computed.
    if (this.#mayWork()) await new Promise<void>(resolve => context.scheduler.soon(resolve))
  }

  #resume(): void {
    this.#hold.release()
    this.#options.onEvent('resumed')
  }

  #beat(): void {
    const { context, partition } = this.#options
    const record = context.processor.beat(partition, this.#position, context.scheduler.now())
    // In line behind the decisions that it vouches for.
    this.#lanes.publish([{ record, outboxKey: null }])
  }

  // Outputs that are confirmed may make room for work, or be the last that a drain waits for.
  #onSettled(): void {
    this.#wake()
    if (this.#drained === undefined || this.#isWorking || !this.#lanes.areIdle) return
    const drained = this.#drained
    this.#drained = undefined
    void this.#farewell(drained)
  }

  // What is confirmed need not be published again by the next owner.
  async #farewell(drained: () => void): Promise<void> {
    const removals = this.#outbox.confirmed(farewellRemovals).map(key => ({ key, value: null }))
    try {
      if (removals.length > 0 && !this.#isOver) await this.#options.writer.commit(removals)
    } catch (error) {
      this.onFailure(error)
    }
    drained()
  }

  #report(batch: MicroBatch, computeMs: number, commitMs: number): void {
    const { partition, context } = this.#options
    for (const poison of batch.poisons) context.events.poisoned(partition, poison)
    context.events.committed(partition, {
      inputs: batch.inputs,
      states: batch.changes.length,
      outputs: batch.outputs.length,
      bytes: batch.bytes,
      computeSeconds: computeMs / 1000,
      commitSeconds: commitMs / 1000,
      position: batch.position,
      appendedAt: batch.appendedAt,
      queued: this.#queue.length,
      unconfirmed: this.#outbox.unconfirmed,
    })
  }

  #elapsed(): number {
    return this.#options.context.scheduler.elapsed()
  }
}
