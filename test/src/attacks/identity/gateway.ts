import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { openProvenEngine, type ProvenEngine } from '@cordon/engine/fixtures/proven-engine'
import { writtenCall } from '@cordon/engine'
import { createEngineServer, type EngineServer } from '@cordon/engine-socket'
import { makeSessionId, type SessionId } from '@cordon/foundation'
import { openProxy, type Timers } from '@cordon/proxy'
import { createTelemetry } from '@cordon/telemetry'
import {
  type DownstreamKey,
  generateDownstreamSecret,
  generateHolderKey,
  generateSigningKeyPem,
  type HolderKey,
  openDownstreamKey,
  openSigningKey,
  type SigningKey,
} from '@cordon/tokens'

import { eventually } from '../../support/eventually.ts'
import { ask, type Shown, type Told } from './agent.ts'
import { type Claims, craft, es256 } from './crafted.ts'
import { listen, openToolServer, type ToolServer } from './tool-server.ts'

export const issuer = 'https://identity.example'
const resource = 'https://cordon.example/mcp/files'
export const alicesSession: SessionId = makeSessionId(3, '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b')
/** On the same partition. */
export const neighboursSession: SessionId = makeSessionId(3, '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a99')

/** Proxies with an engine each, in front of a tool server that verifies; whose session tokens it is about. */
export interface Gateway {
  readonly resource: string
  readonly clock: { now(): number; advance(milliseconds: number): void }
  /** Identity's. */
  readonly key: SigningKey
  /** Alice's agent's. */
  readonly holder: HolderKey
  readonly engineKey: DownstreamKey
  readonly server: ToolServer
  /** The key set that identity publishes; a test may change it. */
  readonly published: { keys: readonly unknown[] }
  /** Identity signs with another key and publishes the former one no more, as the engine has read. @returns the new one */
  replaceKey(): Promise<SigningKey>
  engineOf(replica?: number): ProvenEngine
  portOf(replica?: number): number
  /** What a replica's last answer said; asked for once where it said nothing yet. */
  nonceOf(replica?: number): string
  nextSequence(): number
  /** Another engine behind another proxy. @returns its number */
  addReplica(): Promise<number>
  /** The log brought something: as the engine's service does, its proxies are told that this session changed, or any. */
  tellChanged(sessionId?: SessionId): void
  /** Everything that the replica's engine only remembered is gone. */
  restart(replica?: number): Promise<void>
  /** A token of alice's agent, but for what a test says; `undefined` takes a claim out. */
  token(change?: Claims, header?: Claims): string
  /** As alice's agent asks that does everything right, but for what a test says. */
  ask(shown?: Partial<Shown>): Promise<Told>
  /** The control: what every attack below starts from is let through. */
  accepts(shown?: Partial<Shown>): Promise<void>
  /** Refused with 401 and, where one is named, that error; the tool server acts on nothing. */
  rejects(shown: Partial<Shown>, error?: string): Promise<void>
}

interface Replica {
  engine: ProvenEngine
  readonly socket: EngineServer
  readonly port: number
  nonce: string
}

/**
 * @param openServer a tool server that verifies what comes to it
 * @param timers of the proxies, where a test has their time in its hands
 */
export const openGateway = async (
  context: TestContext,
  openServer: (...given: Parameters<typeof openToolServer>) => Promise<ToolServer> = openToolServer,
  timers?: Timers,
): Promise<Gateway> => {
  let now = 1_800_000_000_000
  let sequence = -1
  const clock = {
    now: () => now,
    advance: (milliseconds: number) => {
      now += milliseconds
    },
  }
  const key = await openSigningKey(generateSigningKeyPem())
  const holder = generateHolderKey()
  const engineKey = openDownstreamKey(generateDownstreamSecret())
  const published: Gateway['published'] = { keys: [key.publicJwk] }
  const jwksUrl = await listen(context, (_request, response) => response.end(JSON.stringify(published)))
  const server = await openServer(context, {
    server: 'files',
    issuer: `${issuer}/engines`,
    keys: { keys: [engineKey.publicJwk] },
    statusList: 'none',
    clock,
  })
  const folder = await mkdtemp(join(tmpdir(), 'cordon-attack-'))
  context.after(async () => rm(folder, { recursive: true, force: true }))
  const replicas: Replica[] = []

  const startEngine = async (): Promise<ProvenEngine> => {
    const engine = await openProvenEngine({ issuer, jwksUrl, key: engineKey, clock })
    context.after(() => engine.close())
    engine.standings.set(alicesSession, 'trusted')
    return engine
  }

  const addReplica = async (): Promise<number> => {
    const number = replicas.length
    const socketPath = join(folder, `engine-${number}.sock`)
    const engine = await startEngine()
    const socket = await createEngineServer({
      socketPath,
      onAuthorize: (request, written) =>
        replicas[number]!.engine.engine.authorize(request, writtenCall(request, written)),
      onAdmit: request => replicas[number]!.engine.engine.admit(request, request),
      onVouch: request => replicas[number]!.engine.engine.vouch(request),
      onOutcome: report => replicas[number]!.engine.engine.recordOutcome(report),
    })
    const proxy = await openProxy(
      {
        host: '127.0.0.1',
        port: 0,
        publicUrl: 'https://cordon.example',
        authorizationServer: undefined,
        engineSocket: socketPath,
        servers: { files: { transport: 'http', url: server.url, headers: {} } },
        callTimeoutMs: 5_000,
        maxCallMs: 5_000,
        logServerErrors: false,
        idleTimeoutMs: 60_000,
        childEnvironment: {},
        ...(timers && { timers }),
      },
      createTelemetry({ service: 'proxy', logLevel: 'error', destination: { write: () => undefined } }),
    )
    context.after(async () => {
      await proxy.close()
      await socket.close()
    })
    replicas.push({ engine, socket, port: proxy.port, nonce: '' })
    await eventually('the engine is connected', () => proxy.isConnected)
    // As agents do: without a nonce the first request is refused, and says which to name.
    await gateway.ask({ replica: number, proof: { nonce: '' } })
    return number
  }

  const token: Gateway['token'] = (change = {}, header = {}) =>
    craft(
      { typ: 'at+jwt', alg: 'ES256', kid: key.keyId, ...header },
      { ...claimsAt(now), cnf: { jkt: holder.thumbprint }, ...change },
      es256(key.privateKey),
    )

  const gateway: Gateway = {
    resource,
    clock,
    key,
    holder,
    engineKey,
    server,
    published,
    replaceKey: async () => {
      const next = await openSigningKey(generateSigningKeyPem())
      published.keys = [next.publicJwk]
      // The keys are read where a token names one that is not held.
      await gateway.ask({ token: token({}, { kid: next.keyId }) })
      return next
    },
    engineOf: (replica = 0) => replicas[replica]!.engine,
    portOf: (replica = 0) => replicas[replica]!.port,
    nonceOf: (replica = 0) => replicas[replica]!.nonce,
    nextSequence: () => (sequence += 1),
    addReplica,
    tellChanged: sessionId => {
      for (const { socket } of replicas) socket.tellChanged(sessionId)
    },
    restart: async (replica = 0) => {
      replicas[replica]!.engine = await startEngine()
    },
    token,
    ask: async (shown = {}) => {
      const told = await ask(gateway, { token: token(), key: holder, ...shown })
      const replica = replicas[shown.replica ?? 0]
      if (replica !== undefined && told.nonce !== '') replica.nonce = told.nonce
      return told
    },
    accepts: async shown => {
      const before = server.acted.length
      const told = await gateway.ask(shown)
      assert.deepEqual([told.status, told.error], [200, undefined], told.text)
      assert.equal(server.acted.length, before + 1)
    },
    rejects: async (shown, error) => {
      const before = server.acted.length
      const told = await gateway.ask(shown)
      assert.equal(server.acted.length, before, 'expected the tool server not to act')
      assert.equal(told.status, 401, told.text)
      if (error !== undefined) assert.equal(told.error, error)
    },
  }
  await addReplica()
  return gateway
}

/** What a good token says, for the server `files`. */
export const claimsAt = (now: number): Claims => ({
  iss: issuer,
  sub: 'alice',
  sub_profile: 'user',
  aud: 'urn:cordon:server:files',
  client_id: 'desk',
  sid: alicesSession,
  txn: 'work-1',
  jti: 'token-1',
  iat: Math.floor(now / 1000),
  exp: Math.floor(now / 1000) + 300,
  auth_time: Math.floor(now / 1000) - 60,
  acr: '0',
  scope: 'tool:files/read_file tool:files/touch',
  roles: ['analyst'],
  clearance: 2,
  act: actorOf('agent-7'),
  agentic_ctx: contextOf({}),
  status: { status_list: { idx: 7, uri: `${issuer}/status/0` } },
})

/** @param session what it belongs to */
export const contextOf = (session: Claims): Claims => ({
  prov: { manifest_hash: 'm', tools_digest: 't', model_id: 'model-1', version: '1' },
  posture: { code_digest: 'c', attester: 'prover' },
  deployer: 'acme',
  session,
})

/** @param by who delegated to it */
export const actorOf = (agent: string, by?: Claims): Claims => ({
  sub: `urn:cordon:agent:${agent}#run-1`,
  iss: 'urn:cordon:agents',
  sub_profile: 'ai_agent client_instance',
  agent_platform: 'desk',
  agent_model: 'model-1',
  ...(by && { act: by }),
})
