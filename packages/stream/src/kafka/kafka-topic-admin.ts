import type { TopicName, TopicSpec } from '@cordon/schemas'
import type { Admin } from 'kafkajs'

import type { TopicAdmin, TopicOptions } from '../ports.ts'
import { StreamError } from '../stream-error.ts'
import { retrying } from './back-off.ts'
import { ClusterLink } from './cluster-link.ts'
import type { KafkaContext } from './cluster-link.ts'
import { createAdmin, topicResource } from './kafkajs-door.ts'
import { kafkaJsLog } from './kafkajs-log.ts'
import { misfits, mismatches, topicConfiguration } from './topic-configuration.ts'
import type { StandingTopic } from './topic-configuration.ts'

// A topic that was just created is not yet known to every broker.
const settledMs = 5000

/** Topics, by connections that live for one call: they are needed once per start. */
export class KafkaTopicAdmin implements TopicAdmin {
  readonly #context: KafkaContext
  readonly #closing: AbortSignal

  constructor(context: KafkaContext, closing: AbortSignal) {
    this.#context = context
    this.#closing = closing
  }

  async ensureTopics(catalogue: readonly TopicSpec[], options: TopicOptions): Promise<void> {
    await this.#withAdmin(async admin => {
      const existing = new Set(await this.#retrying('list topics', async () => await admin.listTopics()))
      const missing = catalogue.filter(spec => !existing.has(this.#wireName(spec.name)))
      if (missing.length > 0) await this.#create(admin, missing, options)
      const standing = await this.#describe(admin, catalogue)
      requireNone(catalogue.flatMap(spec => mismatches(spec, options, standing.get(spec.name)!)))
    })
  }

  async requireTopics(topics: readonly TopicSpec[]): Promise<void> {
    const names = topics.map(({ name }) => name)
    await this.#withLink(names, () => Promise.resolve())
    await this.#withAdmin(async admin => {
      requireNone(misfits(topics, await this.#describe(admin, topics)))
    })
  }

  async partitionCount(topic: TopicName): Promise<number> {
    return await this.#withLink([topic], async link => link.partitions(topic).length)
  }

  async endOffsets(topic: TopicName): Promise<ReadonlyMap<number, bigint>> {
    return await this.#withLink(
      [topic],
      async link => await link.offsets(topic, link.partitions(topic), 'latest'),
    )
  }

  async #create(admin: Admin, specs: readonly TopicSpec[], options: TopicOptions): Promise<void> {
    const topics = specs.map(spec => ({
      topic: this.#wireName(spec.name),
      numPartitions: options.partitions,
      replicationFactor: options.replicationFactor,
      configEntries: Object.entries(topicConfiguration(spec, options)).map(([name, value]) => ({
        name,
        value,
      })),
    }))
    // Another service may be creating them at the same moment: kafkajs takes "exists already" for an answer.
    await this.#retrying(
      'create topics',
      async () => await admin.createTopics({ topics, waitForLeaders: true }),
    )
  }

  async #describe(admin: Admin, specs: readonly TopicSpec[]): Promise<ReadonlyMap<TopicName, StandingTopic>> {
    const names = specs.map(spec => this.#wireName(spec.name))
    const resources = names.map(name => ({ type: topicResource, name }))
    const [metadata, described] = await this.#retrying('describe topics', async () =>
      Promise.all([
        admin.fetchTopicMetadata({ topics: names }),
        admin.describeConfigs({ resources, includeSynonyms: false }),
      ]),
    )
    return new Map(
      specs.map(({ name }) => {
        const wireName = this.#wireName(name)
        const partitions = metadata.topics.find(topic => topic.name === wireName)?.partitions.length ?? 0
        const entries =
          described.resources.find(({ resourceName }) => resourceName === wireName)?.configEntries ?? []
        const configuration = Object.fromEntries(entries.map(entry => [entry.configName, entry.configValue]))
        return [name, { partitions, configuration }]
      }),
    )
  }

  async #withAdmin<Result>(use: (admin: Admin) => Promise<Result>): Promise<Result> {
    const { settings, tuning, repairs, log } = this.#context
    const admin = createAdmin(settings, {
      requestTimeoutMs: tuning.requestTimeoutMs,
      logCreator: kafkaJsLog(log, repairs),
      repairs,
      onSocket: () => {},
    })
    try {
      const { openTimeoutMs } = tuning
      await this.#retrying(
        `kafka at ${settings.brokers.join(', ')}`,
        async () => await admin.connect(),
        openTimeoutMs,
      )
      return await use(admin)
    } finally {
      await admin.disconnect()
    }
  }

  async #withLink<Result>(
    topics: readonly TopicName[],
    use: (link: ClusterLink) => Promise<Result>,
  ): Promise<Result> {
    const link = await ClusterLink.open(this.#context, topics)
    try {
      return await use(link)
    } finally {
      await link.close()
    }
  }

  async #retrying<Result>(
    what: string,
    operation: () => Promise<Result>,
    forMs = settledMs,
  ): Promise<Result> {
    const mayRetry = (_fault: string, elapsedMs: number) => elapsedMs < forMs
    return await retrying(operation, { what, closing: this.#closing, mayRetry })
  }

  #wireName(topic: TopicName): string {
    return this.#context.settings.topicPrefix + topic
  }
}

const requireNone = (problems: readonly string[]): void => {
  if (problems.length > 0) throw new StreamError('TOPIC_MISMATCH', `topics: ${problems.join('; ')}`)
}
