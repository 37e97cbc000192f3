import type { OutgoingRecord } from '../ports.ts'

/** An output on its way out of the task. */
export interface Outgoing {
  readonly record: OutgoingRecord
  /** Its entry in the outbox; `null`: it has none, and is lost in a crash. */
  readonly outboxKey: string | null
}

export interface OutboxLimits {
  readonly outboxEntries: number
  readonly outboxBytes: number
}

/** Counts what is on its way, and remembers which entries of the changelog the next commit may remove. */
export class Outbox {
  readonly #limits: OutboxLimits
  #confirmed: string[] = []
  #unconfirmed = 0
  #bytes = 0

  constructor(limits: OutboxLimits) {
    this.#limits = limits
  }

  get unconfirmed(): number {
    return this.#unconfirmed
  }

  /** No further input is computed until some of it is confirmed. */
  get isFull(): boolean {
    return this.#unconfirmed >= this.#limits.outboxEntries || this.#bytes >= this.#limits.outboxBytes
  }

  add(outgoing: Outgoing): void {
    this.#unconfirmed += 1
    this.#bytes += sizeOfOutput(outgoing)
  }

  /** Acknowledged, or given up. */
  settle(outgoing: Outgoing): void {
    this.#unconfirmed -= 1
    this.#bytes -= sizeOfOutput(outgoing)
    if (outgoing.outboxKey !== null) this.#confirmed.push(outgoing.outboxKey)
  }

  /** Entries to be removed by the next commit. */
  confirmed(limit: number): readonly string[] {
    return this.#confirmed.slice(0, limit)
  }

  /** The first `count` confirmed entries were removed. */
  removed(count: number): void {
    this.#confirmed = this.#confirmed.slice(count)
  }
}

/** About what an output takes in memory and in a record batch. */
export const sizeOfOutput = ({ record, outboxKey }: Outgoing): number =>
  64 + record.key.length + (record.value?.length ?? 0) + (outboxKey?.length ?? 0)
