import { join } from 'node:path'

import { createEngineServer, type EngineServer } from '@cordon/engine-socket'
import { openFingerprintKey } from '@cordon/extraction'
import { parseSessionId, systemClock } from '@cordon/foundation'
import type { RunningService } from '@cordon/lifecycle'
import { loadBundleFile } from '@cordon/policy'
import { topicCatalogue } from '@cordon/schemas'
import { openSerde } from '@cordon/serde'
import { openKafkaClient } from '@cordon/stream'
import type { Readiness } from '@cordon/telemetry'
import { createTelemetry, openOperationsServer } from '@cordon/telemetry'

import { openCallKeys } from './adapters/call-keys/call-keys.ts'
import { createKeyAnnouncer } from './adapters/call-keys/key-announcer.ts'
import { createCallProofs } from './adapters/call-proofs.ts'
import { createDownstreamTokens } from './adapters/downstream-tokens.ts'
import { openEngineKey } from './adapters/engine-key-file.ts'
import { openHttpKeySet } from './adapters/http-key-set.ts'
import { createKafkaSecuritySignals } from './adapters/kafka-security-signals.ts'
import { openKafkaRevocations, type KafkaRevocations } from './adapters/kafka-revocations.ts'
import { createSessionTokens } from './adapters/session-tokens.ts'
import { openSpooledSessionLog } from './adapters/spooled-session-log.ts'
import type { EngineConfig } from './config.ts'
import { callKeyLeadMs, planCallKeys } from './core/call-key-plan.ts'
import { createRevocationTable } from './core/revocation-table.ts'
import { writtenCall } from './core/written-call.ts'
import { createEngine, type EngineObserver } from './engine.ts'
import { createEvents } from './events.ts'
import { openEnginePorts } from './open-engine-ports.ts'
import { raiseRefusals } from './raise-refusals.ts'

const {
  'session-events': sessionEvents,
  'session-decisions': sessionDecisions,
  'gate-verdicts': gateVerdicts,
  'security-signals': securitySignals,
  revocations: revocationTopic,
} = topicCatalogue
/** What it reads and writes. */
const topics = [sessionEvents, sessionDecisions, gateVerdicts, securitySignals, revocationTopic]

/** How late it sees that its call keys have to be changed or announced. */
const callKeyRoundMs = 1_000

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
  const engineKey = await openEngineKey(config.engineKeyFile)
  const { kty, crv, x } = engineKey.publicJwk
  const engineEntry = { kty, crv, x } as const
  const callKeys = await openCallKeys({
    file: join(config.spoolFolder, 'call-keys.json'),
    clock: systemClock,
    maxAgeMs: config.callKeyMaxAgeMs,
    announce: createKeyAnnouncer({
      url: config.engineKeysUrl,
      issuer: config.issuer,
      key: engineKey,
      clock: systemClock,
    }),
    rules: { planCallKeys, leadMs: callKeyLeadMs },
    onAnnounced: (outcome, keyIds) => events.callKeysAnnounced(outcome, keyIds, engineEntry),
    onFault: error => events.callKeysNotAnnounced(error),
  })
  let server: EngineServer | undefined
  let revocations: KafkaRevocations | undefined
  const keySet = openHttpKeySet({
    url: config.jwksUrl,
    onRefreshed(keyIds) {
      events.keysRefreshed(keyIds)
      revocations?.keysChanged()
    },
    onFault: (error, isHeld) => events.keysNotRefreshed(error, isHeld),
  })

  let isListening = false
  const notReady = (): string[] => [
    ...(isListening ? [] : ['the table of decisions is being read']),
    ...(keySet.isHeld ? [] : ['the keys of the issuer are not there yet']),
    ...(callKeys.isAnswered ? [] : ['identity has not taken its call keys yet']),
  ]
  const isReady = (): Readiness => ({ ready: notReady().length === 0, reasons: notReady() })
  const operations = await openOperationsServer({
    host: '127.0.0.1',
    port: config.operationsPort,
    telemetry,
    isLive: () => true,
    isReady,
    documents: { '/.well-known/jwks.json': () => ({ keys: callKeys.published() }) },
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
  // From here on this engine alone has the folder.
  void callKeys.refresh()
  const callKeyRounds = setInterval(() => void callKeys.refresh(), callKeyRoundMs)
  const signals = createKafkaSecuritySignals({
    publisher: await client.openPublisher(),
    codec,
    onLost: error => events.signalLost(error),
  })
  const raise = raiseRefusals(signals, systemClock)
  const revocationTable = createRevocationTable()
  revocations = await openKafkaRevocations({
    client,
    codec,
    table: revocationTable,
    issuer: config.issuer,
    keys: () => keySet.current(),
    onChanged(...changed) {
      const [change, , isLive] = changed
      events.revocationChanged(...changed)
      // Whom it hits the engine finds out where it is asked.
      if (isLive && change === 'revoked') server?.tellChanged()
    },
    onRefused(...refused) {
      events.revocationRefused(...refused)
      raise.revocationRefused(...refused)
    },
    onKeyMissing: () => void keySet.refresh(),
    onFault: (record, error) => events.recordUnreadable(record, error),
  })
  void revocations.failed.catch(crash)
  const opened = await openEnginePorts({
    engineId,
    client,
    codec,
    bundles: { current: () => bundle },
    fingerprintKey,
    callers: {
      tokens: createSessionTokens(config.issuer, keySet),
      proofs: createCallProofs(),
      revocations,
      downstream: createDownstreamTokens(config.issuer, callKeys),
    },
    events: {
      ...events,
      decisionArrived(decision, receivedAt, isLive) {
        events.decisionArrived(decision, receivedAt, isLive)
        const isOver = decision.standing === 'suspended' || decision.standing === 'ended'
        // What is under way there is cut, not only what comes next.
        if (isLive && isOver) server?.tellChanged(parseSessionId(decision.sessionId))
      },
      decisionRefused(refused) {
        events.decisionRefused(refused)
        raise.decisionRefused(refused)
      },
      verdictForged(...forged) {
        events.verdictForged(...forged)
        raise.verdictForged(...forged)
      },
    },
    sessionLog,
  })
  void opened.failed.catch(crash)
  events.watch({
    pendingRecords: () => sessionLog.pendingRecords,
    spoolBytes: () => sessionLog.bytes,
    heldSessions: () => opened.heldSessions,
    revokedScopes: () => revocationTable.size,
    stalenessMs: () => opened.stalenessMs,
    waitingCalls: () => opened.waitingCalls,
  })
  const observer: EngineObserver = {
    ...events,
    proofReplayed(principal, server) {
      events.proofReplayed(principal, server)
      raise.proofReplayed(principal, server)
    },
    toolDrifted(principal, server, tool) {
      events.toolDrifted(principal, server, tool)
      raise.toolDrifted(principal, `${server}/${tool}`)
    },
  }
  const engine = createEngine({ engineId, ports: opened.ports, clock: systemClock, observer })

  await Promise.all([opened.caughtUp, revocations.caughtUp])
  server = await createEngineServer({
    socketPath: config.socketPath,
    onAuthorize: (request, written) => engine.authorize(request, writtenCall(request, written)),
    onAdmit: request => engine.admit(request, request),
    onVouch: request => engine.vouch(request),
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
      clearInterval(callKeyRounds)
      keySet.close()
      await server?.close()
      await opened.close()
      await revocations?.close()
      await signals.close()
      await client.close()
      await operations.close()
    },
  }
}
