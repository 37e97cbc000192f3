import type { TopicName } from '@cordon/schemas'

import type { Follower, LogRecord, StreamClient } from '../ports.ts'

export interface InputSink {
  onRecords(records: readonly LogRecord[]): Promise<void> | undefined
  /** No further records come: the task has to attach again. */
  onFailure(error: unknown): void
}

// Bounds idle polling only.
const maxWaitMs = 250

/** The input of all of a service's tasks through one follower, which fetches for all of them together. */
export class InputFeed {
  readonly #client: StreamClient
  readonly #topic: TopicName
  readonly #sinks = new Map<number, InputSink>()
  #follower: Promise<Follower> | undefined
  #isOpen = true

  constructor(client: StreamClient, topic: TopicName) {
    this.#client = client
    this.#topic = topic
  }

  async attach(partition: number, from: bigint, sink: InputSink): Promise<void> {
    this.#follower ??= this.#open()
    const follower = await this.#follower
    this.#sinks.set(partition, sink)
    follower.follow(partition, from)
  }

  async detach(partition: number, sink: InputSink): Promise<void> {
    if (this.#sinks.get(partition) !== sink) return
    this.#sinks.delete(partition)
    const follower = await this.#follower
    if (!this.#sinks.has(partition)) follower?.unfollow(partition)
  }

  async close(): Promise<void> {
    this.#isOpen = false
    this.#sinks.clear()
    try {
      const follower = await this.#follower
      await follower?.close()
    } catch {
      // It never opened; whoever asked for it was told why.
    }
  }

  async #open(): Promise<Follower> {
    try {
      const follower = await this.#client.openFollower({
        topic: this.#topic,
        from: new Map(),
        maxWaitMs,
        onRecords: (partition, records) => this.#sinks.get(partition)?.onRecords(records),
        onPartitionFailed: (partition, error) => this.#failOne(partition, error),
      })
      follower.failed.catch((error: unknown) => this.#fail(error))
      return follower
    } catch (error) {
      this.#follower = undefined
      throw error
    }
  }

  // Its task attaches again; the other tasks notice nothing.
  #failOne(partition: number, error: unknown): void {
    const sink = this.#sinks.get(partition)
    this.#sinks.delete(partition)
    sink?.onFailure(error)
  }

  // The next task that attaches opens another.
  #fail(error: unknown): void {
    if (!this.#isOpen) return
    this.#follower = undefined
    const sinks = [...this.#sinks.values()]
    this.#sinks.clear()
    for (const sink of sinks) sink.onFailure(error)
  }
}
