import type { StreamClient } from '../ports.ts'
import { closedError } from './back-off.ts'
import { ClusterLink } from './cluster-link.ts'
import type { KafkaContext } from './cluster-link.ts'
import { KafkaFencedWriter } from './kafka-fenced-writer.ts'
import type { WriterLine } from './kafka-fenced-writer.ts'
import { KafkaFollower } from './kafka-follower.ts'
import { KafkaMembership } from './kafka-membership.ts'
import { KafkaPublisher } from './kafka-publisher.ts'
import type { KafkaClientSettings } from './kafka-settings.ts'
import { openKafkaTable } from './kafka-table.ts'
import { KafkaTopicAdmin } from './kafka-topic-admin.ts'
import { defaultTuning } from './kafka-tuning.ts'
import type { KafkaTuning } from './kafka-tuning.ts'
import { allRepairs } from './kafkajs-repairs.ts'
import type { KafkaJsRepairs } from './kafkajs-repairs.ts'
import { ProduceLine } from './produce-line.ts'
import type { StreamLog } from './stream-log.ts'

export interface KafkaClientOptions {
  readonly log: StreamLog
  readonly tuning?: Partial<KafkaTuning>
  /** For tests of what happens without one of them. */
  readonly repairs?: Partial<KafkaJsRepairs>
}

interface Closeable {
  close(): Promise<void>
}

/** The stream on Apache Kafka 2.3 or later. Nothing is connected before the first use. */
export const openKafkaClient = (settings: KafkaClientSettings, options: KafkaClientOptions): StreamClient => {
  const context: KafkaContext = {
    settings,
    log: options.log,
    tuning: { ...defaultTuning, ...options.tuning },
    repairs: { ...allRepairs, ...options.repairs },
  }
  const closing = new AbortController()
  const opened = new Set<Closeable>()

  const keep = async <Thing extends Closeable>(
    open: (own: KafkaContext) => Promise<Thing>,
  ): Promise<Thing> => {
    if (closing.signal.aborted) throw closedError('kafka client')
    let thing: Thing | undefined
    const onClosed = () => thing !== undefined && opened.delete(thing)
    thing = await open({ ...context, onClosed })
    if (closing.signal.aborted) {
      await thing.close()
      throw closedError('kafka client')
    }
    opened.add(thing)
    return thing
  }

  const openWriterLine = async (): Promise<WriterLine> => {
    const link = await keep(async own => await ClusterLink.open(own, []))
    return { link, produce: new ProduceLine(link) }
  }
  let writerLine: Promise<WriterLine> | undefined
  const lineOfWriters = async (): Promise<WriterLine> => {
    writerLine ??= openWriterLine()
    try {
      return await writerLine
    } catch (error) {
      writerLine = undefined
      throw error
    }
  }

  return {
    admin: new KafkaTopicAdmin(context, closing.signal),
    openPublisher: async () => await keep(async own => await KafkaPublisher.open(own)),
    openFollower: async follow => await keep(async own => await KafkaFollower.open(own, follow)),
    openTable: async table => await keep(async own => await openKafkaTable(own, table)),
    joinMembership: async group => await keep(async own => await KafkaMembership.join(own, group)),
    claimPartition: async claim => {
      const line = await lineOfWriters()
      return await keep(async own => await KafkaFencedWriter.claim(own, claim, line))
    },
    close: async () => {
      closing.abort()
      await Promise.all([...opened].map(async thing => await thing.close()))
    },
  }
}
