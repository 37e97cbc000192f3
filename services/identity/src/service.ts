import { createDecisionVerifier } from '@cordon/decisions'
import { fingerprint, openFingerprintKey, scatteredRequestWording } from '@cordon/extraction'
import { systemClock } from '@cordon/foundation'
import type { RunningService } from '@cordon/lifecycle'
import { loadBundleFile } from '@cordon/policy'
import { topicCatalogue } from '@cordon/schemas'
import { openSerde } from '@cordon/serde'
import { openKafkaClient } from '@cordon/stream'
import { createTelemetry, openOperationsServer, type Readiness } from '@cordon/telemetry'

import { openDatabase } from './adapters/database/open-database.ts'
import { openSealingKeyFile } from './adapters/keys/sealing-key-file.ts'
import { openKeyRing } from './adapters/keys/key-ring.ts'
import { createRevocationLog } from './adapters/revocations/revocation-log.ts'
import { createDatabaseSessionStore } from './adapters/store/database-session-store.ts'
import { followActivity } from './adapters/stream-activity.ts'
import {
  openStreamSessionDecisions,
  type StreamSessionDecisions,
} from './adapters/stream-session-decisions.ts'
import { createStreamSessionLog } from './adapters/stream-session-log.ts'
import type { IdentityConfig } from './config.ts'
import { isRotationDue, keyLeadMs, planKeys } from './core/key-plan.ts'
import { createEvents } from './events.ts'
import { identityMigrations, openIdentity } from './identity.ts'
import { createHumanEvents } from './oidc/human-events.ts'
import { startUpkeep } from './upkeep.ts'

/** What it reads and writes. */
const topics = [
  topicCatalogue['session-events'],
  topicCatalogue['session-decisions'],
  topicCatalogue['revocations'],
]

/** Starts identity; resolves when it can open sessions. */
export const startIdentity = async (config: IdentityConfig): Promise<RunningService> => {
  const { issuer } = config
  const clock = systemClock
  const telemetry = createTelemetry({ service: 'identity', logLevel: config.logLevel })
  const bundle = await loadBundleFile(config.bundleFile)
  const sealingKey = await openSealingKeyFile(config.keyFile)
  const fingerprintKey = await openFingerprintKey(config.fingerprintKeyFile)
  const client = openKafkaClient(config.kafka, { log: telemetry.log })
  let decisions: StreamSessionDecisions | undefined
  let isServing = false
  const events = createEvents(telemetry, () => decisions?.openCount ?? 0)
  if (bundle.decisionKeys.length === 0) events.decisionKeysMissing()
  const operations = await openOperationsServer({
    host: config.host,
    port: config.operationsPort,
    telemetry,
    isLive: () => true,
    isReady: () => readiness(isServing ? decisions : undefined, bundle.failSafe.staleAfterMs),
  })
  const database = await openDatabase({
    location: locationOf(config),
    migrations: identityMigrations,
    onLost: error => events.databaseLost(error),
  })
  await client.admin.requireTopics(topics)
  const codec = await openSerde({
    registry: config.registry,
    topicPrefix: config.kafka.topicPrefix,
    register: true,
  })
  decisions = await openStreamSessionDecisions({
    client,
    codec,
    clock,
    verifier: createDecisionVerifier(bundle.decisionKeys),
    onRefused: cause => events.decisionRefused(cause),
    onPoison: reason => events.recordSkipped(reason),
  })
  void untilFailed(decisions)
  const publisher = await client.openPublisher()
  const keys = await openKeyRing({
    database,
    clock,
    issuer,
    sealingKey,
    maxAgeMs: config.keyMaxAgeMs,
    rules: { planKeys, isRotationDue, keyLeadMs },
  })
  const identity = await openIdentity(
    {
      clock,
      bundles: { current: () => bundle },
      database,
      store: createDatabaseSessionStore(database),
      keys,
      sessionLog: createStreamSessionLog({ publisher, codec, onFault: error => events.appendFailed(error) }),
      revocationLog: await createRevocationLog({
        client,
        publisher,
        codec,
        onFault: error => events.appendFailed(error),
      }),
      decisions,
      fingerprint: (kind, value) => fingerprint(fingerprintKey, kind, value),
      requestWording: scatteredRequestWording(fingerprintKey),
      events,
      humanEvents: createHumanEvents(telemetry),
      sealingKey,
    },
    config,
  )
  const { sessions, killSwitch, engineKeys } = identity
  const activity = await followActivity({ client, onActed: (sessionId, at) => sessions.acted(sessionId, at) })
  const stopUpkeep = startUpkeep({ sessions, keys, killSwitch, engineKeys, events })
  const http = await identity.serve(config.host, config.port)
  isServing = true
  events.serving({ host: config.host, port: http.port, operationsPort: operations.port })
  return {
    log: telemetry.log,
    drain: async () => {
      await http.close()
      await stopUpkeep()
      await identity.close()
      await activity.close()
      await client.close()
      await database.close()
      await operations.close()
    },
  }
}

const locationOf = ({ dataFolder, databaseUrl }: IdentityConfig) =>
  databaseUrl === undefined
    ? ({ kind: 'embedded', folder: dataFolder ?? '' } as const)
    : ({ kind: 'server', connectionString: databaseUrl } as const)

const readiness = (decisions: StreamSessionDecisions | undefined, staleAfterMs: number): Readiness => {
  if (decisions === undefined) return { ready: false, reasons: ['session decisions are being read'] }
  if (decisions.staleness <= staleAfterMs) return { ready: true, reasons: [] }
  return { ready: false, reasons: [`no word from the brokers for ${Math.round(decisions.staleness)} ms`] }
}

// Left to reject uncaught: without decisions identity can do nothing, and the lifecycle ends the process.
const untilFailed = async (decisions: StreamSessionDecisions): Promise<never> => decisions.failed
