import type { ClusterLink } from './cluster-link.ts'
import { produceRequest } from './produce-request.ts'
import type { ProducedBatch, ProduceResult } from './produce-request.ts'

/** One record batch on its way to its partition. */
export interface Production {
  /** On the wire, prefix included. */
  readonly topic: string
  readonly partition: number
  /** Called once, at the last moment: what comes until then can still go along. */
  encode(): Buffer
}

interface Waiting {
  readonly production: Production
  readonly resolve: (result: ProduceResult) => void
  readonly reject: (error: unknown) => void
}

// Far below the broker's socket.request.max.bytes of 100 MiB.
const requestBytes = 8 * 1024 * 1024

/**
 * Gathers record batches of many partitions into few requests: one at a time to a node, and what comes meanwhile goes
 * together in the next. So an idle line sends at once. More at a time would gain nothing, as a broker answers the
 * requests of a connection one by one, and eight partitions cost all sides hardly more than one.
 */
export class ProduceLine {
  readonly #link: Pick<ClusterLink, 'send'>
  readonly #waiting = new Map<number, Waiting[]>()
  readonly #busy = new Set<number>()
  #flushScheduled = false

  constructor(link: Pick<ClusterLink, 'send'>) {
    this.#link = link
  }

  /** Rejects where the node cannot be reached; a fault of the partition is in the result. */
  async send(node: number, production: Production): Promise<ProduceResult> {
    const { promise, resolve, reject } = Promise.withResolvers<ProduceResult>()
    const waiting = this.#waiting.get(node)
    if (waiting === undefined) this.#waiting.set(node, [{ production, resolve, reject }])
    else waiting.push({ production, resolve, reject })
    this.#scheduleFlush()
    return await promise
  }

  // Everything that follows from what the sockets brought in one turn of the event loop goes together.
  #scheduleFlush(): void {
    if (this.#flushScheduled) return
    this.#flushScheduled = true
    setImmediate(() => {
      this.#flushScheduled = false
      this.#flush()
    })
  }

  #flush(): void {
    for (const [node, waiting] of this.#waiting) {
      if (waiting.length > 0 && !this.#busy.has(node)) void this.#request(node, waiting)
    }
  }

  async #request(node: number, waiting: Waiting[]): Promise<void> {
    this.#busy.add(node)
    const { batches, senders } = takeAlong(waiting)
    try {
      const { results } = await this.#link.send(node, produceRequest(batches))
      for (const result of results) {
        senders.get(partitionName(result))?.resolve(result)
        senders.delete(partitionName(result))
      }
      for (const { reject } of senders.values()) reject(new Error('produce: expected a result, got none'))
    } catch (error) {
      for (const { reject } of senders.values()) reject(error)
    } finally {
      this.#busy.delete(node)
    }
    if (waiting.length > 0) this.#scheduleFlush()
  }
}

/** Takes what fits into one request, in order, at most one batch of each partition. */
const takeAlong = (
  waiting: Waiting[],
): { readonly batches: readonly ProducedBatch[]; readonly senders: Map<string, Waiting> } => {
  const batches: ProducedBatch[] = []
  const senders = new Map<string, Waiting>()
  let bytes = 0
  const left = waiting.splice(0)
  for (const sender of left) {
    const { topic, partition } = sender.production
    const name = partitionName(sender.production)
    if (bytes >= requestBytes || senders.has(name)) {
      waiting.push(sender)
      continue
    }
    try {
      const batch = sender.production.encode()
      bytes += batch.length
      batches.push({ topic, partition, batch })
      senders.set(name, sender)
    } catch (error) {
      sender.reject(error)
    }
  }
  return { batches, senders }
}

const partitionName = ({
  topic,
  partition,
}: {
  readonly topic: string
  readonly partition: number
}): string => `${topic}/${partition}`
