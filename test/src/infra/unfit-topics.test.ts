import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { openWorkplace, startService, type ServiceName } from '@cordon/infra'
import { topicCatalogue } from '@cordon/schemas'
import type { TopicName } from '@cordon/schemas'

import { makeIdentityFiles } from '../identity/identity-world.ts'
import { openTestStream } from '../support/test-stream.ts'
import { wholeStack } from './whole-stack.ts'

const services = ['identity', 'engine', 'scorer'] as const

interface Unfit {
  readonly partitions?: number
  readonly overrides?: Readonly<Record<string, string>>
}

/** Every topic as it should be, but for one. */
const createTopics = async (t: TestContext, name: TopicName, unfit: Unfit): Promise<string> => {
  const others = Object.values(topicCatalogue).filter(spec => spec.name !== name)
  const { client, settings } = await openTestStream(t, {
    topics: others.map(spec => spec.name),
    partitions: 2,
  })
  await client.admin.ensureTopics([topicCatalogue[name]], {
    partitions: 2,
    replicationFactor: 1,
    minInSyncReplicas: 1,
    ...unfit,
  })
  return settings.topicPrefix
}

/** Starts a service on them and resolves with the error that it ends with. */
const endOf = async (t: TestContext, service: ServiceName, topicPrefix: string): Promise<string> => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
  t.after(() => workplace.close())
  const { bundleFile, baselinesFile } = await (await wholeStack(workplace)).tools
  const identity = await makeIdentityFiles(t)
  const issuer = 'http://127.0.0.1:1'
  const own: Partial<Record<ServiceName, Readonly<Record<string, string>>>> = {
    identity: { ...identity.variables, CORDON_ISSUER: issuer, CORDON_IDENTITY_PORT: '0' },
    engine: {
      CORDON_ISSUER: issuer,
      CORDON_JWKS_URL: `${issuer}/jwks.json`,
      CORDON_ENGINE_SOCKET: join(workplace.folder, 'engine.sock'),
      CORDON_FINGERPRINT_KEY_FILE: join(workplace.folder, 'fingerprint.key'),
      CORDON_ENGINE_KEY_FILE: join(workplace.folder, 'engine.key'),
      CORDON_SPOOL_DIR: join(workplace.folder, 'spool'),
    },
    scorer: {
      CORDON_BASELINES_FILE: baselinesFile,
      CORDON_DECISION_KEY_FILE: join(workplace.folder, 'decision-key'),
    },
  }
  const started = startService(workplace, {
    service,
    variables: {
      KAFKA_BROKERS: process.env['KAFKA_BROKERS'] ?? '',
      SCHEMA_REGISTRY_URL: process.env['SCHEMA_REGISTRY_URL'] ?? '',
      CORDON_TOPIC_PREFIX: topicPrefix,
      CORDON_BUNDLE_FILE: bundleFile,
      ...own[service],
    },
  })
  const error: unknown = await started.catch((reason: unknown) => reason)
  assert.ok(error instanceof Error && 'code' in error && error.code === 'PROCESS_EXITED')
  return error.message
}

/**
 * @input a topic with another partition count than the others
 * @behaviour each service that uses it ends at its start: `session-decisions: expected partitions 2, got 3`
 * @counter none: it does not start
 */
test('a topic with another partition count than the others: no service starts', async t => {
  const topicPrefix = await createTopics(t, 'session-decisions', { partitions: 3 })
  for (const service of services)
    assert.match(await endOf(t, service, topicPrefix), /session-decisions: expected partitions 2, got 3/)
})

/**
 * @input a topic with another cleanup policy than its content needs
 * @behaviour each service that uses it ends at its start: `session-decisions: expected cleanup.policy compact, got delete`
 * @counter none: it does not start
 */
test('decisions that the broker would delete in time: no service starts', async t => {
  const topicPrefix = await createTopics(t, 'session-decisions', {
    overrides: { 'cleanup.policy': 'delete' },
  })
  for (const service of services)
    assert.match(
      await endOf(t, service, topicPrefix),
      /session-decisions: expected cleanup\.policy compact, got delete/,
    )
})
