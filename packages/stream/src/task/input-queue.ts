import type { LogRecord } from '../ports.ts'

/** Input that was fetched and is not committed; the follower waits while it is full. */
export class InputQueue {
  readonly #limitBytes: number
  #records: LogRecord[] = []
  // Committed records stay in front until there are enough of them: removing them one micro-batch at a time would move
  // the rest each time.
  #start = 0
  #bytes = 0
  #room: PromiseWithResolvers<void> | undefined
  #isOpen = true

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get length(): number {
    return this.#records.length - this.#start
  }

  /** Offset after the last record that was ever fetched. */
  get end(): bigint {
    const last = this.#records.at(-1)
    return last === undefined ? 0n : last.offset + 1n
  }

  /** @param index 0 is the first that is not committed */
  at(index: number): LogRecord | undefined {
    return this.#records[this.#start + index]
  }

  /** @returns when further records may be fetched; `undefined`: at once */
  add(records: readonly LogRecord[]): Promise<void> | undefined {
    if (!this.#isOpen) return undefined
    for (const record of records) {
      this.#records.push(record)
      this.#bytes += sizeOf(record)
    }
    if (this.#bytes < this.#limitBytes) return undefined
    this.#room ??= Promise.withResolvers()
    return this.#room.promise
  }

  /** The first `count` records are committed. */
  drop(count: number): void {
    for (let index = 0; index < count; index += 1) this.#bytes -= sizeOf(this.at(index)!)
    this.#start += count
    // One record is kept, for `end`.
    if (this.#start > this.length) {
      this.#records = this.#records.slice(this.#start - 1)
      this.#start = 1
    }
    if (this.#bytes < this.#limitBytes) this.#release()
  }

  /** Lets the follower go, and takes nothing further. */
  close(): void {
    this.#isOpen = false
    this.#records = []
    this.#start = 0
    this.#bytes = 0
    this.#release()
  }

  #release(): void {
    this.#room?.resolve()
    this.#room = undefined
  }
}

const sizeOf = ({ key, value }: LogRecord): number => 64 + (key?.length ?? 0) + (value?.length ?? 0)
