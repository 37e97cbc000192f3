import type { TopicName } from '@cordon/schemas'

import type { OutgoingRecord, Publisher, PublisherOptions } from '../ports.ts'
import { StreamError, TransientFault } from '../stream-error.ts'
import { Admission } from './admission.ts'
import { backOffMs, closedError } from './back-off.ts'
import { ClusterLink } from './cluster-link.ts'
import type { KafkaContext } from './cluster-link.ts'
import { brokerFault, faultName, isRefusal, streamErrorOf } from './kafka-fault.ts'
import { maxMessageBytes } from './kafka-tuning.ts'
import { Outage } from './outage.ts'
import { ProduceLine } from './produce-line.ts'
import { isProducerFault, newProducer } from './producer-identity.ts'
import { Publication, PublishQueue, sizeOf } from './publish-queue.ts'
import type { QueuedRecord } from './publish-queue.ts'
import { batchOverheadBytes } from './record-batch-encoder.ts'

const tooLarge: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])

/**
 * Sends what is there whenever something may be sent: no linger. Records that arrive while a partition's batch is in flight
 * make up its next one.
 */
export class KafkaPublisher implements Publisher {
  readonly #context: KafkaContext
  readonly #link: ClusterLink
  readonly #line: ProduceLine
  readonly #outage: Outage
  readonly #queues = new Map<string, PublishQueue>()
  readonly #topics = new Map<TopicName, Promise<void>>()
  readonly #admission: Admission
  readonly #deliveryTimeoutMs: number
  readonly #drained = Promise.withResolvers<void>()
  #calls = 0
  #pending = 0
  #flushScheduled = false
  #closing = false
  #abandoned = false

  private constructor(context: KafkaContext, link: ClusterLink, options: PublisherOptions) {
    this.#context = context
    this.#link = link
    this.#line = new ProduceLine(link)
    this.#deliveryTimeoutMs = options.deliveryTimeoutMs ?? context.tuning.deliveryTimeoutMs
    this.#admission = new Admission(context.tuning.publishQueueBytes)
    this.#outage = new Outage({
      log: context.log,
      data: {},
      began: 'publish interrupted',
      ended: 'publish resumed',
    })
  }

  static async open(context: KafkaContext, options: PublisherOptions = {}): Promise<KafkaPublisher> {
    return new KafkaPublisher(context, await ClusterLink.open(context, []), options)
  }

  get pending(): number {
    return this.#pending
  }

  async publish(records: readonly OutgoingRecord[]): Promise<readonly bigint[]> {
    if (this.#closing) throw closedError('publisher')
    this.#calls += 1
    try {
      return await this.#publish(records)
    } finally {
      this.#calls -= 1
      if (this.#closing && this.#calls === 0) this.#drained.resolve()
    }
  }

  async close(patienceMs?: number): Promise<void> {
    this.#closing = true
    const patience = patienceMs === undefined ? undefined : setTimeout(() => this.#abandon(), patienceMs)
    if (this.#calls > 0) await this.#drained.promise
    clearTimeout(patience)
    await this.#link.close()
  }

  #abandon(): void {
    this.#abandoned = true
    for (const queue of this.#queues.values()) this.#giveUp(queue.abandon(), closedError('publisher'))
  }

  async #publish(records: readonly OutgoingRecord[]): Promise<readonly bigint[]> {
    if (records.length === 0) return []
    const sizes = records.map(record => measured(record))
    for (const topic of new Set(records.map(record => record.topic))) await this.#known(topic)
    const queues = records.map(record => this.#queueOf(record))
    await this.#admission.enter(sizes.reduce((sum, bytes) => sum + bytes, 0))
    if (this.#abandoned) throw closedError('publisher')
    this.#pending += records.length

    const publication = new Publication(records.length)
    const deadline = performance.now() + this.#deliveryTimeoutMs
    for (const [index, record] of records.entries()) {
      queues[index]!.add({ record, bytes: sizes[index]!, publication, index, deadline })
    }
    this.#scheduleFlush()
    return await publication.done
  }

  // One promise per topic, so that publications go on in the order in which they came.
  async #known(topic: TopicName): Promise<void> {
    const known = this.#topics.get(topic) ?? this.#link.addTopics([topic])
    this.#topics.set(topic, known)
    try {
      await known
    } catch (error) {
      this.#topics.delete(topic)
      throw error
    }
  }

  /** @throws StreamError `TOPIC_UNKNOWN` */
  #queueOf({ topic, partition }: OutgoingRecord): PublishQueue {
    const name = `${topic}/${partition}`
    const known = this.#queues.get(name)
    if (known !== undefined) return known
    const partitions = this.#link.partitions(topic)
    if (!partitions.includes(partition)) {
      const message = `publish to ${topic}: expected one of ${partitions.length} partitions, got ${partition}`
      throw new StreamError('TOPIC_UNKNOWN', message)
    }
    const queue = new PublishQueue(topic, partition)
    this.#queues.set(name, queue)
    return queue
  }

  // Once for all publications of a turn.
  #scheduleFlush(): void {
    if (this.#flushScheduled) return
    this.#flushScheduled = true
    queueMicrotask(() => {
      this.#flushScheduled = false
      this.#flush()
    })
  }

  #flush(): void {
    for (const queue of this.#queues.values()) {
      if (!queue.isSendable) continue
      const node = this.#link.leader(queue.topic, queue.partition)
      if (node === undefined) this.#putBack(queue, 'LEADER_NOT_AVAILABLE')
      else void this.#send(node, queue)
    }
  }

  async #send(node: number, queue: PublishQueue): Promise<void> {
    queue.lineUp()
    const encode = (): Buffer => queue.take(this.#context.tuning.publishBatchBytes, Date.now())
    const { topic, partition } = queue
    try {
      if (!queue.hasProducer) queue.adopt(await newProducer(this.#link, node))
      const result = await this.#line.send(node, { topic: this.#link.wireName(topic), partition, encode })
      if (result.errorCode === 0) this.#confirm(queue, result.baseOffset)
      else this.#handleFault(queue, brokerFault(result.errorCode))
    } catch (error) {
      this.#handleFault(queue, faultName(error))
    }
    this.#scheduleFlush()
  }

  #confirm(queue: PublishQueue, baseOffset: bigint): void {
    this.#outage.over()
    const settled = queue.appended()
    for (const [at, { publication, index }] of settled.entries())
      publication.confirm(index, baseOffset + BigInt(at))
    this.#release(settled)
  }

  #handleFault(queue: PublishQueue, fault: string): void {
    const at = `publish to ${queue.topic}[${queue.partition}]`
    if (tooLarge.has(fault)) this.#giveUp(queue.refused(), tooLargeError(at, 'the topic takes'))
    else if (isRefusal(fault)) this.#giveUp(queue.refused(), streamErrorOf(at, fault))
    else this.#putBack(queue, fault)
  }

  #putBack(queue: PublishQueue, fault: string): void {
    this.#outage.fault(fault)
    const waitMs = backOffMs(queue.faults)
    const expired = queue.putBack(performance.now(), isProducerFault(fault))
    this.#giveUp(
      expired,
      new TransientFault(
        `publish to ${queue.topic}[${queue.partition}]: expected an acknowledgement within ${this.#deliveryTimeoutMs} ms, got ${fault}`,
      ),
    )
    void this.#retryLater(queue, waitMs)
  }

  async #retryLater(queue: PublishQueue, waitMs: number): Promise<void> {
    // The leaders may have moved; where they cannot be asked, the next attempt says so again.
    await Promise.allSettled([this.#link.refresh(), new Promise(resolve => setTimeout(resolve, waitMs))])
    queue.resume()
    this.#scheduleFlush()
  }

  #giveUp(records: readonly QueuedRecord[], error: StreamError): void {
    for (const { publication } of records) publication.fail(error)
    this.#release(records)
  }

  #release(records: readonly QueuedRecord[]): void {
    this.#pending -= records.length
    this.#admission.leave(records.reduce((sum, { bytes }) => sum + bytes, 0))
  }
}

const measured = (record: OutgoingRecord): number => {
  const bytes = sizeOf(record)
  if (bytes + batchOverheadBytes <= maxMessageBytes) return bytes
  throw tooLargeError(`publish to ${record.topic}[${record.partition}]`, `${maxMessageBytes} bytes`, bytes)
}

const tooLargeError = (at: string, limit: string, bytes?: number): StreamError =>
  new StreamError(
    'RECORD_TOO_LARGE',
    `${at}: expected at most ${limit}, got ${bytes === undefined ? 'a larger record' : `${bytes} bytes`}`,
  )
