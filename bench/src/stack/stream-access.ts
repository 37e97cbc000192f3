import type { KafkaSettings, RegistrySettings } from '@cordon/settings'
import { openSerde } from '@cordon/serde'
import { openKafkaClient, type RecordCodec, type StreamClient } from '@cordon/stream'

/** How a process of a bench reaches broker and registry; goes from process to process. */
export interface StreamAccess {
  readonly kafka: KafkaSettings
  readonly registry: RegistrySettings
}

/** A Kafka client of its own. */
export const openClient = ({ kafka }: StreamAccess): StreamClient => openKafkaClient(kafka, { log: quiet })

export const openCodec = ({ kafka, registry }: StreamAccess): Promise<RecordCodec> =>
  openSerde({ registry, topicPrefix: kafka.topicPrefix, register: true })

/** Faults that do not pass are thrown; the others are the stream's own business. */
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
