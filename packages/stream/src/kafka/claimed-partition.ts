import type { TopicName } from '@cordon/schemas'

import type { KeyedValue } from '../ports.ts'
import { Fenced, StreamError } from '../stream-error.ts'
import { closedError, pause } from './back-off.ts'
import type { ClusterLink } from './cluster-link.ts'
import { brokerFault, faultName, isRefusal, streamErrorOf } from './kafka-fault.ts'
import { maxMessageBytes } from './kafka-tuning.ts'
import { Outage } from './outage.ts'
import type { ProduceLine, Production } from './produce-line.ts'
import type { ProduceResult } from './produce-request.ts'
import { isProducerFault, nextSequence } from './producer-identity.ts'
import type { ProducerIdentity } from './producer-identity.ts'
import { encodeRecordBatch } from './record-batch-encoder.ts'
import type { StreamLog } from './stream-log.ts'

export interface ClaimedPartitionOptions {
  readonly link: ClusterLink
  readonly produce: ProduceLine
  /** Of the writer, which others on the link outlive. */
  readonly closing: AbortSignal
  readonly log: StreamLog
  readonly topic: TopicName
  readonly partition: number
}

const tooLarge: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])

/** One partition that only its owner writes: one batch at a time, each with the next sequence. */
export class ClaimedPartition {
  readonly #options: ClaimedPartitionOptions
  readonly #outage: Outage
  #identity: ProducerIdentity
  #sequence = 0
  #tail: Promise<unknown> = Promise.resolve()
  /** Ends the wait for the response that is awaited now. */
  #giveUp: () => void = () => {}

  constructor(options: ClaimedPartitionOptions, identity: ProducerIdentity) {
    this.#options = options
    this.#identity = identity
    const { log, topic, partition, closing } = options
    // One listener for all waits: the lists of an AbortSignal keep what was removed from them reachable.
    closing.addEventListener('abort', () => this.#giveUp(), { once: true })
    this.#outage = new Outage({
      log,
      data: { topic, partition },
      began: 'fenced write interrupted, its outcome is being asked for',
      ended: 'fenced write resumed',
    })
  }

  /** Everything further is written under another epoch, whose sequence starts anew. */
  adopt(identity: ProducerIdentity): void {
    this.#identity = identity
    this.#sequence = 0
  }

  /** Appends after all earlier appends; resolves with the first record's offset. @throws Fenced, StreamError `RECORD_TOO_LARGE` */
  async append(records: readonly KeyedValue[]): Promise<bigint> {
    const appended = this.#tail.then(() => this.#write(records))
    this.#tail = appended.catch(() => {})
    return await appended
  }

  /** Resolves when no append is under way. */
  async idle(): Promise<void> {
    await this.#tail
  }

  async #write(records: readonly KeyedValue[]): Promise<bigint> {
    // Encoded once: an unknown outcome is asked about by the very same batch with the very same sequence, which the
    // broker appends or recognises.
    const batch = encodeRecordBatch(records, { ...this.#identity, baseSequence: this.#sequence }, Date.now())
    if (batch.length > maxMessageBytes) throw this.#tooLarge(batch.length)
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#attempt(batch)
      if (typeof outcome === 'bigint') {
        this.#outage.over()
        this.#sequence = nextSequence(this.#sequence, records.length)
        return outcome
      }
      if (isProducerFault(outcome))
        throw new Fenced(`write to ${this.#at}: expected to be its owner, got ${outcome}`)
      if (tooLarge.has(outcome)) throw this.#tooLarge(batch.length)
      if (isRefusal(outcome)) throw streamErrorOf(`write to ${this.#at}`, outcome)
      this.#outage.fault(outcome)
      await pause(attempt, this.#options.closing, `write to ${this.#at}`)
    }
  }

  /** The base offset, or the fault by its name. */
  async #attempt(batch: Buffer): Promise<bigint | string> {
    const { link, produce, closing, topic, partition } = this.#options
    if (closing.aborted) throw closedError(`write to ${this.#at}`)
    try {
      const leader = link.leader(topic, partition)
      if (leader === undefined) throw new StreamError('TRANSIENT_FAULT', `write to ${this.#at}: no leader`)
      const production = { topic: link.wireName(topic), partition, encode: () => batch }
      const result = await this.#response(produce, leader, production)
      if (result.errorCode === 0) return result.baseOffset
      const fault = brokerFault(result.errorCode)
      if (!isProducerFault(fault)) await this.#refresh()
      return fault
    } catch (error) {
      if (closing.aborted) throw closedError(`write to ${this.#at}`)
      await this.#refresh()
      return faultName(error)
    }
  }

  /** Rejects when the writer closes first. */
  async #response(produce: ProduceLine, leader: number, production: Production): Promise<ProduceResult> {
    const { promise, resolve, reject } = Promise.withResolvers<ProduceResult>()
    this.#giveUp = () => reject(closedError(`write to ${this.#at}`))
    produce.send(leader, production).then(resolve, reject)
    return await promise
  }

  async #refresh(): Promise<void> {
    try {
      await this.#options.link.refresh()
    } catch {
      // The next attempt meets the same fault and says so.
    }
  }

  get #at(): string {
    return `${this.#options.topic}[${this.#options.partition}]`
  }

  #tooLarge(bytes: number): StreamError {
    const message = `write to ${this.#at}: expected a batch of at most ${maxMessageBytes} bytes, got ${bytes}`
    return new StreamError('RECORD_TOO_LARGE', message)
  }
}
