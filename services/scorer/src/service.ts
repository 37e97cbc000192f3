import { readFile } from 'node:fs/promises'

import { openDecisionKeyFile } from '@cordon/decisions'
import type { RunningService } from '@cordon/lifecycle'
import { loadBundleFile } from '@cordon/policy'
import { fileSubjects, parseBaselines, subjectLookup } from '@cordon/risk'
import { topicCatalogue } from '@cordon/schemas'
import { openSerde } from '@cordon/serde'
import { openKafkaClient, runStatefulService, type StatefulService } from '@cordon/stream'
import { createTelemetry, openOperationsServer, type Readiness } from '@cordon/telemetry'

import { followBaselines } from './adapters/kafka-baselines.ts'
import type { ScorerConfig } from './config.ts'
import { BaselineLibrary } from './core/baseline-library.ts'
import { bundleKernel } from './core/bundle-kernel.ts'
import { createSessionProcessor } from './core/session-processor.ts'
import { scorerEvents, taskEvents } from './events.ts'
import { profilerEvents } from './profiler-events.ts'
import { createProfilerProcessor } from './core/profiler/profiler-processor.ts'

/** Tokens live 5 minutes at most; twice that leaves no token that names a forgotten session. */
const forgetAfterMs = 600_000

/** So long a session may be found to have been misuse, or in order: as long as its log is kept. */
const reviewMs = 7 * 86_400_000

/** Starts the scorer; resolves when it is a member of its groups. Ready once its partitions are taken over. */
export const startScorer = async (config: ScorerConfig): Promise<RunningService> => {
  const telemetry = createTelemetry({ service: 'scorer', logLevel: config.logLevel })
  const services: StatefulService<unknown>[] = []
  const operations = await openOperationsServer({
    host: '127.0.0.1',
    port: config.operationsPort,
    telemetry,
    isLive: () => true,
    isReady: () => readiness(services),
  })
  const bundle = await loadBundleFile(config.bundleFile)
  const signer = await openDecisionKeyFile(config.decisionKeyFile)
  const events = scorerEvents(telemetry)
  if (bundle.decisionKeys.every(({ keyId }) => keyId !== signer.key.keyId)) events.keyNotInBundle(signer.key)
  const fileBaselines = parseBaselines(await readFile(config.baselinesFile, 'utf8'))
  const ofFile = fileSubjects(fileBaselines)
  const codec = await openSerde({
    registry: config.registry,
    topicPrefix: config.kafka.topicPrefix,
    register: true,
  })
  const client = openKafkaClient(config.kafka, { log: telemetry.log })
  // It reads or writes every one.
  await client.admin.requireTopics(Object.values(topicCatalogue))
  const partitions = await client.admin.partitionCount('baseline-contributions')
  const library = new BaselineLibrary({ ofFile, onMissing: version => events.baselineMissing(version) })
  const baselines = await followBaselines({
    client,
    codec,
    library,
    onUnreadable: problem => events.baselineUnreadable(problem),
  })
  baselines.failed.catch((cause: unknown) => events.baselinesLost(cause))
  // After a crash the group waits for the one that is gone: this line tells that wait from a slow start.
  telemetry.log.info({ group: config.group }, 'joining')
  const { sessionTimeoutMs, tickIntervalMs } = config
  services.push(
    await runStatefulService({
      client,
      codec,
      processor: createSessionProcessor({
        kernel: bundleKernel(bundle, subjectLookup(library.find, fileBaselines.version)),
        codec,
        bundleVersion: bundle.version,
        forgetAfterMs,
        signer,
        stateVersion: config.stateVersion,
        baselines: library,
        partitions,
      }),
      group: config.group,
      sessionTimeoutMs,
      tickIntervalMs,
      events: taskEvents(telemetry),
    }),
    await runStatefulService({
      client,
      codec,
      processor: createProfilerProcessor({
        codec,
        ofFile,
        quarantineMs: config.quarantineMs,
        reviewMs,
        partitions,
      }),
      group: `${config.group}-profiler`,
      sessionTimeoutMs,
      events: profilerEvents(telemetry),
    }),
  )
  telemetry.log.info({ group: config.group, operationsPort: operations.port }, 'scoring')
  return {
    log: telemetry.log,
    drain: async () => {
      for (const service of services) await service.close()
      await baselines.close()
      await client.close()
      await operations.close()
    },
  }
}

// What learns may be behind; who scores may not.
const readiness = ([scoring]: readonly StatefulService<unknown>[]): Readiness => {
  if (scoring === undefined) return { ready: false, reasons: ['joining the group'] }
  const waiting = [...scoring.owned]
    .filter(([, { state }]) => state !== 'running')
    .map(([partition, { state }]) => `partition ${partition} is ${state}`)
  return { ready: waiting.length === 0, reasons: waiting }
}
