import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createEngineClient } from '@cordon/engine-socket'
import type { SessionId } from '@cordon/foundation'
import { makeSessionId, parseAgentId } from '@cordon/foundation'
import type { FailSafe, RateLimit } from '@cordon/policy'
import { openSerde, type Serde } from '@cordon/serde'
import type { StreamClient } from '@cordon/stream'
import {
  createTokenIssuer,
  generateHolderKey,
  generateSigningKeyPem,
  type HolderKey,
  openSigningKey,
  type SigningKey,
} from '@cordon/tokens'

import { eventually } from '../support/eventually.ts'
import { valueOf } from '../support/series.ts'
import { testSigner } from '../support/test-signer.ts'
import { openTestStream } from '../support/test-stream.ts'
import type { EngineProcess } from './engine-process.ts'
import { startEngineProcess } from './engine-process.ts'
import { createProvingClient, type ProvingClient } from './proving-client.ts'
import type { StandInScorer } from './stand-in-scorer.ts'
import { openStandInScorer } from './stand-in-scorer.ts'

const partitions = 3
const issuer = 'https://identity.example'
const tokenLifeMs = 120_000
const agentId = parseAgentId('support-agent')

const bundleWith = (rateLimit: RateLimit, failSafe: Partial<FailSafe> = {}) => ({
  version: 1,
  catalogue: {
    'files/read_file': {
      readOnly: true,
      sensitivity: 1,
      mode: 'enforce',
      resources: [{ kind: 'path', argument: 'path', syntax: 'path' }],
    },
    'files/write_file': { readOnly: false, sensitivity: 2, mode: 'enforce' },
    'files/send_mail': { readOnly: false, sensitivity: 3, mode: 'gate' },
  },
  roles: {},
  thresholds: { verify: 3, readOnly: 5, suspend: 8 },
  failSafe: { staleAfterMs: 2_000, gateTimeoutMs: 1_000, ...failSafe },
  rateLimit,
  decisionKeys: [testSigner.key],
})

/** Most loads of a test are meant. */
const unlimited: RateLimit = { callsPerSecond: 1_000_000, burst: 1_000_000 }

/** An engine process on the real broker, an enforcement point that asks it, and the scorer's side in the test's hands. */
export interface EngineWorld {
  /** The one that was started last. */
  readonly engine: EngineProcess
  readonly spoolFolder: string
  /** Where it listens. */
  readonly socketPath: string
  readonly client: ProvingClient
  /** Signs what identity states: in tests, tokens and revocations. */
  readonly identityKey: SigningKey
  /** `iss` of all that it signs. */
  readonly issuer: string
  /** Whose key all tokens are bound to. */
  readonly holder: HolderKey
  readonly scorer: StandInScorer
  /** On the same topics. */
  readonly stream: StreamClient
  readonly codec: Serde
  /** After a `kill`: with the same settings, on the same spool. */
  restartEngine(): Promise<void>
  /** Beside the first one. */
  startSecondEngine(variables: Readonly<Record<string, string>>): Promise<EngineProcess>
  newSession(): SessionId
  /** A series of the engine's metrics, as a scrape shows it. */
  counted(series: string): Promise<number>
  /** Resolves once the engine knows it. */
  openSession(): Promise<SessionId>
  /** A token for the server `files`, good for 2 minutes; by default of the key that the engine knows, and new. */
  tokenOf(sessionId: SessionId, forgery?: { signedBy?: SigningKey; ageMs?: number }): Promise<string>
}

export interface EngineWorldOptions {
  /** Instead of the broker of this test run. */
  readonly brokers?: readonly string[]
  /** Settings of the topics. */
  readonly overrides?: Readonly<Record<string, string>>
  /** Of the bundle. Default: none that a test meets. */
  readonly rateLimit?: RateLimit
  /** Of the bundle, where it says otherwise. */
  readonly failSafe?: Partial<FailSafe>
  /** Further settings of the engine. */
  readonly engine?: Readonly<Record<string, string>>
}

/** @param cleanUp everything that is opened is registered here at once, so that a failure midway leaves nothing running */
export const openEngineWorld = async (
  cleanUp: { after(close: () => Promise<void>): void },
  options: EngineWorldOptions = {},
): Promise<EngineWorld> => {
  const { client: stream, settings } = await openTestStream(cleanUp, {
    topics: ['session-events', 'session-decisions', 'gate-verdicts', 'security-signals', 'revocations'],
    partitions,
    ...(options.brokers && { brokers: options.brokers }),
    ...(options.overrides && { overrides: options.overrides }),
  })
  const registryUrl = process.env['SCHEMA_REGISTRY_URL']
  assert.ok(registryUrl, 'SCHEMA_REGISTRY_URL: expected the registry of this test run, got nothing')
  const { topicPrefix, brokers } = settings
  const codec = await openSerde({ registry: { url: registryUrl }, topicPrefix, register: true })
  const scorer = await openStandInScorer(stream, codec, partitions)
  cleanUp.after(() => scorer.close())

  const key = await openSigningKey(generateSigningKeyPem())
  const identity = createServer(({ method }, response) => {
    // It takes what the engine announces.
    if (method === 'POST') response.writeHead(204).end()
    else response.end(JSON.stringify({ keys: [key.publicJwk] }))
  })
  identity.listen(0, '127.0.0.1')
  await once(identity, 'listening')
  cleanUp.after(async () => {
    identity.close()
    identity.closeAllConnections()
    await once(identity, 'close')
  })

  const folder = await mkdtemp(join(tmpdir(), 'cordon-engine-'))
  cleanUp.after(() => rm(folder, { recursive: true, force: true }))
  const socketPath = join(folder, 'engine.sock')
  const bundleFile = join(folder, 'bundle.json')
  await writeFile(bundleFile, JSON.stringify(bundleWith(options.rateLimit ?? unlimited, options.failSafe)))
  const variables = {
    KAFKA_BROKERS: brokers.join(','),
    SCHEMA_REGISTRY_URL: registryUrl,
    CORDON_TOPIC_PREFIX: topicPrefix,
    CORDON_ENGINE_SOCKET: socketPath,
    CORDON_BUNDLE_FILE: bundleFile,
    CORDON_JWKS_URL: `http://127.0.0.1:${(identity.address() as AddressInfo).port}/jwks.json`,
    CORDON_ISSUER: issuer,
    CORDON_FINGERPRINT_KEY_FILE: join(folder, 'fingerprint.key'),
    CORDON_ENGINE_KEY_FILE: join(folder, 'engine.key'),
    CORDON_SPOOL_DIR: join(folder, 'spool'),
    ...options.engine,
  }
  let engine = await startEngineProcess(variables)
  cleanUp.after(async () => void (await engine.stop('SIGTERM')))
  const connection = createEngineClient({ socketPath })
  cleanUp.after(() => connection.close())
  const holder = generateHolderKey()
  const client = createProvingClient(connection, holder)
  await eventually('a connection to the engine', () => client.connected)

  const world: EngineWorld = {
    get engine() {
      return engine
    },
    spoolFolder: join(folder, 'spool'),
    socketPath,
    async restartEngine() {
      engine = await startEngineProcess(variables)
      await eventually('a connection to the engine', () => client.connected)
    },
    startSecondEngine: more => startEngineProcess({ ...variables, ...more }),
    client,
    identityKey: key,
    issuer,
    holder,
    scorer,
    stream,
    codec,
    async openSession() {
      const sessionId = world.newSession()
      await scorer.decide(sessionId, 'trusted', 0)
      const token = await world.tokenOf(sessionId)
      await eventually('the session to be known', async () => {
        const { admitted } = await client.admit({ token, server: 'files' })
        return admitted
      })
      return sessionId
    },
    counted: series => valueOf(engine.operationsUrl, series),
    newSession: () => makeSessionId(Math.floor(Math.random() * partitions), randomUUID()),
    tokenOf: (sessionId, { signedBy = key, ageMs = 0 } = {}) =>
      createTokenIssuer({ issuer, key: signedBy }).issueSessionToken({
        sessionId,
        human: 'alice',
        agentId,
        actor: { agentId, instance: '1', platform: 'scripts', model: 'scripted' },
        provenance: { manifestHash: 'manifest', toolsDigest: 'tools', model: 'scripted', version: '1' },
        posture: { codeDigest: 'code', attester: 'scripts' },
        deployer: 'tests',
        platform: 'scripts',
        role: 'support',
        clearance: 3,
        server: 'files',
        tools: new Set(['files/read_file', 'files/write_file', 'files/send_mail']),
        transactionId: sessionId,
        issuedAt: Date.now() - ageMs,
        expiresAt: Date.now() - ageMs + tokenLifeMs,
        authenticatedAt: Date.now() - ageMs,
        acr: '0',
        holder: holder.thumbprint,
        status: { uri: 'https://identity.example/status/0', index: 0 },
      }),
  }
  return world
}
