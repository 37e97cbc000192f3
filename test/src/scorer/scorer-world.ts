import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { makeSessionId, seededRandom } from '@cordon/foundation'
import { loadBundleFile } from '@cordon/policy'
import { BaselineBuilder, encodeBaselines, fileSubjects, parseBaselines, subjectLookup } from '@cordon/risk'
import { topicCatalogue } from '@cordon/schemas'
import type { TopicName } from '@cordon/schemas'
import { BaselineLibrary, bundleKernel, createSessionProcessor, followBaselines } from '@cordon/scorer'
import type { ScorerState } from '@cordon/scorer'
import { generateSession } from '@cordon/scorer/fixtures/generated-sessions'
import type { Serde } from '@cordon/serde'
import { openSerde } from '@cordon/serde'
import type { LogRecord, StatefulProcessor, StreamClient } from '@cordon/stream'

import { testSeed, testSigner } from '../support/test-signer.ts'
import { openTestStream } from '../support/test-stream.ts'
import type { ScorerProcess } from './scorer-process.ts'
import { startScorerProcess } from './scorer-process.ts'

const bundle = {
  version: 1,
  catalogue: {},
  roles: { clerk: { priorLogit: -3 } },
  thresholds: { verify: 3, readOnly: 6, suspend: 9 },
  decisionKeys: [testSigner.key],
}

/** Topics of their own on the real broker, and scorers on them. */
export interface ScorerWorld {
  readonly client: StreamClient
  readonly codec: Serde
  readonly topicPrefix: string
  /** What the scorers run, to be run by the test: with every baseline that was published up to now. */
  readonly openProcessor: () => Promise<StatefulProcessor<ScorerState>>
  startScorer(variables?: Readonly<Record<string, string>>): Promise<ScorerProcess>
  /** Everything that stands in a partition. */
  readonly read: (topic: TopicName, partition: number) => Promise<readonly LogRecord[]>
}

export const openScorerWorld = async (
  cleanUp: { after(close: () => Promise<void>): void },
  partitions: number,
): Promise<ScorerWorld> => {
  const topics = Object.values(topicCatalogue).map(({ name }) => name)
  const { client, settings } = await openTestStream(cleanUp, { topics, partitions })
  const registryUrl = process.env['SCHEMA_REGISTRY_URL']
  assert.ok(registryUrl, 'SCHEMA_REGISTRY_URL: expected the registry of this test run, got nothing')
  const { topicPrefix, brokers } = settings
  const codec = await openSerde({ registry: { url: registryUrl }, topicPrefix, register: true })

  const folder = await mkdtemp(join(tmpdir(), 'cordon-scorer-'))
  cleanUp.after(() => rm(folder, { recursive: true, force: true }))
  const bundleFile = join(folder, 'bundle.json')
  const decisionKeyFile = join(folder, 'decision-key')
  const baselinesFile = join(folder, 'baselines.json')
  const baselines = learnedBaselines()
  await writeFile(bundleFile, JSON.stringify(bundle))
  await writeFile(baselinesFile, baselines)
  await writeFile(decisionKeyFile, testSeed, { mode: 0o600 })

  return {
    client,
    codec,
    topicPrefix,
    openProcessor: async () => {
      const fileBaselines = parseBaselines(baselines)
      const library = new BaselineLibrary({
        ofFile: fileSubjects(fileBaselines),
        onMissing: () => assert.fail('a baseline is missing'),
      })
      const onUnreadable = (problem: unknown): void => assert.fail(String(problem))
      const table = await followBaselines({ client, codec, library, onUnreadable })
      await table.close()
      return createSessionProcessor({
        kernel: bundleKernel(
          await loadBundleFile(bundleFile),
          subjectLookup(library.find, fileBaselines.version),
        ),
        codec,
        bundleVersion: bundle.version,
        // No test takes so long that a session is forgotten.
        forgetAfterMs: Number.POSITIVE_INFINITY,
        signer: testSigner,
        baselines: library,
        partitions,
      })
    },
    startScorer: (variables = {}) =>
      startScorerProcess(cleanUp, {
        KAFKA_BROKERS: brokers.join(','),
        SCHEMA_REGISTRY_URL: registryUrl,
        CORDON_TOPIC_PREFIX: topicPrefix,
        CORDON_SCORER_GROUP: `${topicPrefix}scorer`,
        CORDON_BUNDLE_FILE: bundleFile,
        CORDON_BASELINES_FILE: baselinesFile,
        CORDON_DECISION_KEY_FILE: decisionKeyFile,
        ...variables,
      }),
    async read(topic, partition) {
      const seen: LogRecord[] = []
      const onRecord = (record: LogRecord): void => void seen.push(record)
      const table = await client.openTable({ topic, partitions: [partition], maxWaitMs: 100, onRecord })
      await table.caughtUp
      await table.close()
      return seen
    },
  }
}

const learnedBaselines = (): string => {
  const random = seededRandom(7)
  const builder = new BaselineBuilder()
  for (let number = 0; number < 40; number += 1) {
    const uuid = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
    const sessionId = makeSessionId(0, uuid)
    builder.learn(generateSession(random, { sessionId, agent: number % 5, startAt: 0, bad: false }))
  }
  return encodeBaselines(builder.baselines())
}
