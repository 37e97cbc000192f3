import { createEngineServer } from '@cordon/engine-socket'
import { systemClock } from '@cordon/foundation'
import type { RunningService } from '@cordon/lifecycle'
import { loadBundleFile } from '@cordon/policy'
import { topicCatalogue } from '@cordon/schemas'
import { openSerde } from '@cordon/serde'
import { openKafkaClient } from '@cordon/stream'
import type { Readiness } from '@cordon/telemetry'
import { createTelemetry, openOperationsServer } from '@cordon/telemetry'

import { openFingerprintKey } from './adapters/fingerprint-key-file.ts'
import { openHttpKeySet } from './adapters/http-key-set.ts'
import { createKafkaSecuritySignals } from './adapters/kafka-security-signals.ts'
import { createSessionTokens } from './adapters/session-tokens.ts'
import { openSpooledSessionLog } from './adapters/spooled-session-log.ts'
import type { EngineConfig } from './config.ts'
import { createEngine } from './engine.ts'
import { createEvents } from './events.ts'
import { openEnginePorts } from './open-engine-ports.ts'
import { raiseRefusals } from './raise-refusals.ts'

const {
  'session-events': sessionEvents,
  'session-decisions': sessionDecisions,
  'gate-verdicts': gateVerdicts,
  'security-signals': securitySignals,
} = topicCatalogue
/** What it reads and writes. */
const topics = [sessionEvents, sessionDecisions, gateVerdicts, securitySignals]

// Thrown out of every promise chain: without its tables the engine is of no use, and the lifecycle ends the process.
const crash = (error: unknown): never => {
  throw error
}

/** Starts an engine that listens once it holds every decision. */
export const startEngine = async (config: EngineConfig): Promise<RunningService> => {
  const { engineId, kafka } = config
  const telemetry = createTelemetry({ service: 'engine', logLevel: config.logLevel })
  const events = createEvents(telemetry)
  const bundle = await loadBundleFile(config.bundleFile)
  if (bundle.decisionKeys.length === 0) events.decisionKeysMissing()
  const fingerprintKey = await openFingerprintKey(config.fingerprintKeyFile)
  const keySet = openHttpKeySet({
    url: config.jwksUrl,
    onRefreshed: keyIds => events.keysRefreshed(keyIds),
    onFault: (error, isHeld) => events.keysNotRefreshed(error, isHeld),
  })

  let isListening = false
  const notReady = (): string[] => [
    ...(isListening ? [] : ['the table of decisions is being read']),
    ...(keySet.isHeld ? [] : ['the keys of the issuer are not there yet']),
  ]
  const isReady = (): Readiness => ({ ready: notReady().length === 0, reasons: notReady() })
  const operations = await openOperationsServer({
    host: '127.0.0.1',
    port: config.operationsPort,
    telemetry,
    isLive: () => true,
    isReady,
  })

  const codec = await openSerde({ registry: config.registry, topicPrefix: kafka.topicPrefix, register: true })
  const client = openKafkaClient(kafka, { log: telemetry.log })
  await client.admin.requireTopics(topics)
  const sessionLog = await openSpooledSessionLog({
    folder: config.spoolFolder,
    maxBytes: config.spoolMaxBytes,
    client,
    codec,
    onRefused: records => events.recordsRefused(records),
    onLost: error => events.recordLost(error),
    onFault: (fault, detail) => events.spoolFault(fault, detail),
    onRecovered: records => events.recordsRecovered(records),
    onKnown: () => events.recordKnown(),
  })
  const signals = createKafkaSecuritySignals({
    publisher: await client.openPublisher(),
    codec,
    onLost: error => events.signalLost(error),
  })
  const raise = raiseRefusals(signals, systemClock)
  const opened = await openEnginePorts({
    engineId,
    client,
    codec,
    bundles: { current: () => bundle },
    fingerprintKey,
    tokens: createSessionTokens(config.issuer, keySet),
    events: {
      ...events,
      decisionRefused(refused) {
        events.decisionRefused(refused)
        raise(refused)
      },
    },
    sessionLog,
  })
  void opened.failed.catch(crash)
  events.watch({
    pendingRecords: () => sessionLog.pendingRecords,
    spoolBytes: () => sessionLog.bytes,
    heldSessions: () => opened.heldSessions,
    stalenessMs: () => opened.stalenessMs,
    waitingCalls: () => opened.waitingCalls,
  })
  const engine = createEngine({ engineId, ports: opened.ports, clock: systemClock, observer: events })

  await opened.caughtUp
  const server = await createEngineServer({
    socketPath: config.socketPath,
    onAuthorize: ({ token, server, tool, arguments: args, leftOutBytes }, bytes) =>
      engine.authorize(token, {
        server,
        tool,
        arguments: leftOutBytes === undefined ? args : undefined,
        bytes,
      }),
    onAdmit: request => engine.admit(request.token, request.server),
    onOutcome: report => engine.recordOutcome(report),
    onEvent: event => events.socketEvent(event),
  })
  isListening = true
  const { port } = operations
  telemetry.log.info(
    { engineId, socketPath: config.socketPath, operationsPort: port, bundleVersion: bundle.version },
    'engine listening',
  )

  return {
    log: telemetry.log,
    async drain() {
      isListening = false
      keySet.close()
      await server.close()
      await opened.close()
      await signals.close()
      await client.close()
      await operations.close()
    },
  }
}
