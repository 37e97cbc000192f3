import type { Haste } from '../../ports.ts'
import type { SpoolRecord } from './frame.ts'
import { frameBytes } from './frame.ts'
import type { KeptRecords, Spool } from './spool.ts'

/** 8 MiB wait in memory, and as much is on its way; the rest waits on the disk. */
const defaultWindowBytes = 8 * 1024 * 1024
const rereadMs = 10
/** Where the file system says no: too many files are open, perhaps. */
const unreadMs = 1_000
/** A request to the broker costs it more than the records in it: outcomes travel with the next attempt where one comes. */
const laterMs = 5

export interface SpoolDrainOptions {
  readonly spool: Spool
  /** In the order of the calls for each partition. Resolves with the record's offset; a rejection means that it will never be written. */
  readonly publish: (record: SpoolRecord) => Promise<bigint>
  /** Of a record that an earlier process appended: is it in the log already? */
  readonly isPublished: (number: number, record: SpoolRecord) => boolean
  readonly onAcknowledged: (record: SpoolRecord, number: number, offset: bigint) => void
  /** It cannot be written, or the disk lost it: `undefined`. */
  readonly onLost: (record: SpoolRecord | undefined, error: unknown) => void
  /** What waits on the disk cannot be read now; it is tried again. */
  readonly onUnread: (error: unknown) => void
  readonly windowBytes?: number
}

/** Publishes what the spool holds, in its order, each record once, and releases it. */
export class SpoolDrain {
  readonly #options: SpoolDrainOptions
  readonly #windowBytes: number
  readonly #queue: { readonly number: number; readonly record: SpoolRecord }[] = []
  readonly #listeners = new Map<number, (isAcknowledged: boolean) => void>()
  /** Number behind the last in the queue: from here on records are on the disk only. */
  #queueEnd: number
  #queuedBytes = 0
  #inFlightBytes = 0
  #inFlight = 0
  #isReading = false
  #soon: NodeJS.Immediate | undefined
  #later: NodeJS.Timeout | undefined
  #isClosed = false
  #idle = Promise.withResolvers<void>()

  constructor(options: SpoolDrainOptions) {
    this.#options = options
    this.#windowBytes = options.windowBytes ?? defaultWindowBytes
    this.#queueEnd = options.spool.first
    this.#pump()
  }

  /** Records were appended to the spool. @param first number of the first, the others follow */
  appended(first: number, records: readonly SpoolRecord[], haste: Haste): void {
    // What is being read from the disk now may be these.
    const isNext = first === this.#queueEnd && !this.#isReading
    if (isNext && this.#queuedBytes < this.#windowBytes) {
      for (const [index, record] of records.entries()) this.#enqueue(first + index, record)
    }
    if (haste === 'now') this.#pump()
    else if (haste === 'soon') this.#pumpSoon()
    else this.#later ??= setTimeout(() => this.#pump(), laterMs)
  }

  /** Resolves with whether the record was acknowledged; to be called in the turn in which it was appended. */
  acknowledged(number: number): Promise<boolean> {
    return new Promise(resolve => this.#listeners.set(number, resolve))
  }

  /** Resolves when nothing is left to do, or not before the spool's next opening. */
  async drained(patienceMs: number): Promise<void> {
    if (this.#isIdle) return
    this.#pump()
    const timer = setTimeout(() => this.#idle.resolve(), patienceMs)
    await this.#idle.promise
    clearTimeout(timer)
  }

  /** From now on nothing is published, and what fails is kept. */
  close(): void {
    this.#isClosed = true
  }

  get #isIdle(): boolean {
    return this.#inFlight === 0 && this.#queue.length === 0 && this.#queueEnd >= this.#options.spool.next
  }

  #enqueue(number: number, record: SpoolRecord): void {
    this.#queue.push({ number, record })
    this.#queuedBytes += frameBytes(record)
    this.#queueEnd = number + 1
  }

  #pumpSoon(): void {
    this.#soon ??= setImmediate(() => this.#pump())
  }

  #pump(): void {
    clearImmediate(this.#soon)
    clearTimeout(this.#later)
    this.#soon = undefined
    this.#later = undefined
    const { spool, isPublished } = this.#options
    while (!this.#isClosed && this.#inFlightBytes < this.#windowBytes) {
      const next = this.#queue.shift()
      if (next === undefined) break
      const { number, record } = next
      this.#queuedBytes -= frameBytes(record)
      if (number < spool.begin && isPublished(number, record)) spool.release(number)
      else void this.#publish(number, record)
    }
    if (this.#isIdle) {
      this.#idle.resolve()
      this.#idle = Promise.withResolvers()
    } else if (this.#queue.length === 0 && this.#queueEnd < spool.next && !this.#isClosed) {
      void this.#readOn()
    }
  }

  async #publish(number: number, record: SpoolRecord): Promise<void> {
    const bytes = frameBytes(record)
    this.#inFlightBytes += bytes
    this.#inFlight += 1
    try {
      this.#options.onAcknowledged(record, number, await this.#options.publish(record))
      this.#options.spool.release(number)
      this.#settle(number, true)
    } catch (error) {
      if (!this.#isClosed) {
        this.#options.onLost(record, error)
        this.#options.spool.release(number)
      }
      this.#settle(number, false)
    }
    this.#inFlightBytes -= bytes
    this.#inFlight -= 1
    // What is not in haste goes when its time comes.
    if (this.#soon === undefined && this.#later === undefined) this.#pump()
  }

  #settle(number: number, isAcknowledged: boolean): void {
    this.#listeners.get(number)?.(isAcknowledged)
    this.#listeners.delete(number)
  }

  async #readOn(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    const waitMs = await this.#readSome()
    if (waitMs > 0) await new Promise(resolve => setTimeout(resolve, waitMs))
    this.#isReading = false
    this.#pump()
  }

  /** @returns how long to wait before more is read */
  async #readSome(): Promise<number> {
    const { spool, onLost, onUnread } = this.#options
    let kept: KeptRecords
    try {
      kept = await spool.read(this.#queueEnd)
    } catch (error) {
      onUnread(error)
      return unreadMs
    }
    const { first, records, next } = kept
    for (const [index, record] of records.entries()) this.#enqueue(first + index, record)
    for (let lost = first + records.length; lost < next; lost += 1) {
      onLost(undefined, new Error('expected the record that was written, got damaged bytes'))
      spool.release(lost)
    }
    this.#queueEnd = next
    return records.length === 0 ? rereadMs : 0
  }
}
