import { topicCatalogue, type TopicSpec } from '@cordon/schemas'
import { openSerde } from '@cordon/serde'
import type { KafkaSettings } from '@cordon/settings'
import { openKafkaClient } from '@cordon/stream'

import type { Broker } from '../broker/broker.ts'
import { prepareBroker } from '../broker/prepare-broker.ts'
import type { RunLength } from '../java/java-command.ts'
import type { Registry } from '../registry/registry.ts'
import { startRegistry } from '../registry/start-registry.ts'
import type { Workplace } from './workplace.ts'

/** What services meet through: a broker with every topic, and a registry with every schema. */
export interface Backbone {
  readonly broker: Broker
  readonly registry: Registry
  /** What a service gets in its environment to reach both. */
  readonly variables: Readonly<Record<string, string>>
}

export interface BackboneOptions {
  readonly partitions: number
  /** Broker settings, for a broker that is started here. */
  readonly brokerOverrides?: Readonly<Record<string, string>>
  /** What a broker that is started here is made ready for; default: a short one. */
  readonly run?: RunLength
  /** Replaces `CORDON_TOPIC_PREFIX`: a run of its own on a broker that others use. */
  readonly topicPrefix?: string
  /** Events keep the time that they carry, not the broker's: for recordings. */
  readonly recordedTime?: boolean
}

/** Starts broker and registry side by side, then creates topics and registers schemas. */
export const startBackbone = async (workplace: Workplace, options: BackboneOptions): Promise<Backbone> => {
  const { folder, lasting, onProgress } = workplace
  const environment =
    options.topicPrefix === undefined
      ? workplace.environment
      : { ...workplace.environment, CORDON_TOPIC_PREFIX: options.topicPrefix }
  const prepared = await prepareBroker({
    ...workplace,
    environment,
    ...(lasting ? { dataFolder: `${folder}/broker/data` } : {}),
    run: options.run,
    ...(options.brokerOverrides === undefined ? {} : { overrides: options.brokerOverrides }),
  })
  const startTheBroker = async (): Promise<Broker> => {
    onProgress({ part: 'broker', state: 'working', text: 'starting' })
    const broker = await prepared.start()
    onProgress({ part: 'broker', state: 'ready', text: broker.description })
    await createTopics(broker.settings, options)
    onProgress({ part: 'topics', state: 'ready', text: `${options.partitions} partitions each` })
    return broker
  }
  const startTheRegistry = async (): Promise<Registry> => {
    onProgress({ part: 'registry', state: 'working', text: 'starting' })
    const storage = prepared.lasting
      ? ({ kind: 'broker', kafka: prepared.settings } as const)
      : ({ kind: 'memory' } as const)
    const registry = await startRegistry({ ...workplace, storage })
    onProgress({ part: 'registry', state: 'ready', text: registry.description })
    await openSerde({
      registry: registry.settings,
      topicPrefix: prepared.settings.topicPrefix,
      register: true,
    })
    onProgress({ part: 'schemas', state: 'ready', text: 'registered' })
    return registry
  }
  const [broker, registry] = await Promise.all([startTheBroker(), startTheRegistry()])
  return { broker, registry, variables: { ...broker.variables, ...registry.variables } }
}

const createTopics = async (
  settings: KafkaSettings,
  { partitions, recordedTime = false }: BackboneOptions,
): Promise<void> => {
  const client = openKafkaClient(settings, { log: quiet })
  try {
    await client.admin.ensureTopics(recordedTime ? recordedTopics : Object.values(topicCatalogue), {
      partitions,
      ...replicationFor(settings.brokers.length),
    })
  } finally {
    await client.close()
  }
}

const recordedTopics: readonly TopicSpec[] = Object.values(topicCatalogue).map(spec =>
  spec.name === 'session-events' ? { ...spec, timestamp: 'CreateTime' } : spec,
)

/**
 * One address says nothing about how many brokers stand behind it: the cluster's own default then. Several are that
 * many, of which one may fail.
 */
export const replicationFor = (
  addresses: number,
): { readonly replicationFactor: number; readonly minInSyncReplicas: number } => {
  const replicas = Math.min(3, addresses)
  return replicas < 2
    ? { replicationFactor: -1, minInSyncReplicas: 1 }
    : { replicationFactor: replicas, minInSyncReplicas: replicas - 1 }
}

/** What fails is thrown; a retry is nothing to tell at the start of a broker. */
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
