import { readFile } from 'node:fs/promises'

import { openDecisionKeyFile } from '@cordon/decisions'
import type { RunningService } from '@cordon/lifecycle'
import { loadBundleFile } from '@cordon/policy'
import { parseBaselines } from '@cordon/risk'
import { topicCatalogue } from '@cordon/schemas'
import { openSerde } from '@cordon/serde'
import { openKafkaClient, runStatefulService, type StatefulService } from '@cordon/stream'
import { createTelemetry, openOperationsServer, type Readiness } from '@cordon/telemetry'

import type { ScorerConfig } from './config.ts'
import { bundleKernel } from './core/bundle-kernel.ts'
import { createSessionProcessor } from './core/session-processor.ts'
import { scorerEvents } from './events.ts'

/** Tokens live 5 minutes at most; twice that leaves no token that names a forgotten session. */
const forgetAfterMs = 600_000

/** Starts the scorer; resolves when it is a member of the group. Ready once its partitions are taken over. */
export const startScorer = async (config: ScorerConfig): Promise<RunningService> => {
  const telemetry = createTelemetry({ service: 'scorer', logLevel: config.logLevel })
  let service: StatefulService<unknown> | undefined
  const operations = await openOperationsServer({
    host: '127.0.0.1',
    port: config.operationsPort,
    telemetry,
    isLive: () => true,
    isReady: () => readiness(service),
  })
  const bundle = await loadBundleFile(config.bundleFile)
  const signer = await openDecisionKeyFile(config.decisionKeyFile)
  const events = scorerEvents(telemetry)
  if (bundle.decisionKeys.every(({ keyId }) => keyId !== signer.key.keyId)) events.keyNotInBundle(signer.key)
  const baselines = parseBaselines(await readFile(config.baselinesFile, 'utf8'))
  const codec = await openSerde({
    registry: config.registry,
    topicPrefix: config.kafka.topicPrefix,
    register: true,
  })
  const client = openKafkaClient(config.kafka, { log: telemetry.log })
  // It reads or writes every one.
  await client.admin.requireTopics(Object.values(topicCatalogue))
  // After a crash the group waits for the one that is gone: this line tells that wait from a slow start.
  telemetry.log.info({ group: config.group }, 'joining')
  service = await runStatefulService({
    client,
    codec,
    processor: createSessionProcessor({
      kernel: bundleKernel(bundle, baselines),
      codec,
      bundleVersion: bundle.version,
      forgetAfterMs,
      signer,
      stateVersion: config.stateVersion,
    }),
    group: config.group,
    sessionTimeoutMs: config.sessionTimeoutMs,
    tickIntervalMs: config.tickIntervalMs,
    events,
  })
  telemetry.log.info({ group: config.group, operationsPort: operations.port }, 'scoring')
  return {
    log: telemetry.log,
    drain: async () => {
      await service?.close()
      await client.close()
      await operations.close()
    },
  }
}

const readiness = (service: StatefulService<unknown> | undefined): Readiness => {
  if (service === undefined) return { ready: false, reasons: ['joining the group'] }
  const waiting = [...service.owned]
    .filter(([, { state }]) => state !== 'running')
    .map(([partition, { state }]) => `partition ${partition} is ${state}`)
  return { ready: waiting.length === 0, reasons: waiting }
}
