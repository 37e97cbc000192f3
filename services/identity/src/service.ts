import { createDecisionVerifier } from '@cordon/decisions'
import { systemClock, uuidV7 } from '@cordon/foundation'
import type { RunningService } from '@cordon/lifecycle'
import { loadBundleFile } from '@cordon/policy'
import { topicCatalogue } from '@cordon/schemas'
import { openSerde } from '@cordon/serde'
import { openKafkaClient } from '@cordon/stream'
import { createTelemetry, openOperationsServer, type Readiness } from '@cordon/telemetry'
import { createTokenIssuer } from '@cordon/tokens'

import { startExpiry } from './adapters/expiry-timer.ts'
import { openHttpServer } from './adapters/http-server.ts'
import { createRoutes } from './adapters/routes.ts'
import { openSigningKeyFile } from './adapters/signing-key-file.ts'
import { createSecretCheck } from './adapters/startup-secret.ts'
import {
  openStreamSessionDecisions,
  type StreamSessionDecisions,
} from './adapters/stream-session-decisions.ts'
import { createStreamSessionLog } from './adapters/stream-session-log.ts'
import type { IdentityConfig } from './config.ts'
import { createSessions } from './core/sessions.ts'
import { createEvents } from './events.ts'

/** What it reads and writes. */
const topics = [topicCatalogue['session-events'], topicCatalogue['session-decisions']]

/** Starts identity; resolves when it can open sessions. */
export const startIdentity = async (config: IdentityConfig): Promise<RunningService> => {
  const telemetry = createTelemetry({ service: 'identity', logLevel: config.logLevel })
  const bundle = await loadBundleFile(config.bundleFile)
  const key = await openSigningKeyFile(config.keyFile)
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
  await client.admin.requireTopics(topics)
  const codec = await openSerde({
    registry: config.registry,
    topicPrefix: config.kafka.topicPrefix,
    register: true,
  })
  decisions = await openStreamSessionDecisions({
    client,
    codec,
    clock: systemClock,
    verifier: createDecisionVerifier(bundle.decisionKeys),
    onRefused: cause => events.decisionRefused(cause),
    onPoison: reason => events.recordSkipped(reason),
  })
  void untilFailed(decisions)
  const publisher = await client.openPublisher()
  const sessions = createSessions(
    {
      clock: systemClock,
      bundles: { current: () => bundle },
      log: createStreamSessionLog({ publisher, codec, onFault: error => events.appendFailed(error) }),
      decisions,
      issuer: createTokenIssuer({ issuer: config.issuer, key }),
      newUuid: uuidV7,
    },
    config,
  )
  const stopExpiry = startExpiry(sessions, events)
  const http = await openHttpServer({
    host: config.host,
    port: config.port,
    answer: createRoutes({
      sessions,
      publicJwk: key.publicJwk,
      isSecretShown: createSecretCheck(config.startupSecret),
      events,
    }),
    events,
  })
  isServing = true
  events.serving({ host: config.host, port: http.port, operationsPort: operations.port })
  return {
    log: telemetry.log,
    drain: async () => {
      await http.close()
      await stopExpiry()
      await client.close()
      await operations.close()
    },
  }
}

const readiness = (decisions: StreamSessionDecisions | undefined, staleAfterMs: number): Readiness => {
  if (decisions === undefined) return { ready: false, reasons: ['session decisions are being read'] }
  if (decisions.staleness <= staleAfterMs) return { ready: true, reasons: [] }
  return { ready: false, reasons: [`no word from the brokers for ${Math.round(decisions.staleness)} ms`] }
}

// Left to reject uncaught: without decisions identity can do nothing, and the lifecycle ends the process.
const untilFailed = async (decisions: StreamSessionDecisions): Promise<never> => decisions.failed
