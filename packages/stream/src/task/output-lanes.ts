import type { TopicName } from '@cordon/schemas'

import type { FencedWriter } from '../ports.ts'
import type { Outbox, Outgoing } from './outbox.ts'
import { OutputLane } from './output-lane.ts'
import type { TaskContext } from './task-context.ts'

export interface OutputLanesOptions<State> {
  readonly context: TaskContext<State>
  readonly partition: number
  readonly writer: FencedWriter
  readonly outbox: Outbox
  /** Outputs were settled or a lane is idle: there may be room again. */
  readonly onSettled: () => void
  readonly onFailure: (error: unknown) => void
}

/** A lane for each topic that outputs go to: claimed topics through the fenced writer, others through the publisher. */
export class OutputLanes<State> {
  readonly #options: OutputLanesOptions<State>
  readonly #lanes = new Map<TopicName, OutputLane>()

  constructor(options: OutputLanesOptions<State>) {
    this.#options = options
  }

  get areIdle(): boolean {
    return [...this.#lanes.values()].every(lane => lane.isIdle)
  }

  publish(outputs: readonly Outgoing[]): void {
    for (const outgoing of outputs) {
      this.#options.outbox.add(outgoing)
      this.#lane(outgoing.record.topic).add(outgoing)
    }
    for (const lane of this.#lanes.values()) lane.flush()
  }

  close(): void {
    for (const lane of this.#lanes.values()) lane.close()
  }

  #lane(topic: TopicName): OutputLane {
    const known = this.#lanes.get(topic)
    if (known !== undefined) return known
    const { context, partition, writer, onFailure } = this.#options
    const { events, limits, scheduler, publisher, processor } = context
    const lane = new OutputLane({
      topic,
      limits,
      scheduler,
      send: processor.claimed.includes(topic)
        ? async records => await writer.emit(topic, records)
        : async records => await publisher.publish(records),
      onConfirmed: outgoing => this.#settle(outgoing),
      onLost: (outgoing, cause) => {
        events.outputLost(partition, { topic, cause })
        this.#settle([outgoing])
      },
      onDelayed: cause => events.outputDelayed(partition, { topic, cause }),
      onIdle: () => this.#options.onSettled(),
      onFailure,
    })
    this.#lanes.set(topic, lane)
    return lane
  }

  #settle(outgoing: readonly Outgoing[]): void {
    for (const one of outgoing) this.#options.outbox.settle(one)
    // Room for input there may be long before the lane is idle.
    this.#options.onSettled()
  }
}
