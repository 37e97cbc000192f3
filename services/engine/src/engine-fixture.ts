import { createHash } from 'node:crypto'

import {
  createDecisionVerifier,
  openDecisionSigner,
  type BeatClaim,
  type DecisionVerifier,
} from '@cordon/decisions'
import type { AuthorizeAnswer, ProvenRequest } from '@cordon/engine-socket'
import type { AgentId, Clock, EngineId, InvocationId, SessionId } from '@cordon/foundation'
import { parseAgentId, parseEngineId, parseInvocationId, parseSessionId, uuidV7 } from '@cordon/foundation'
import { type Bundle, closedIdentity } from '@cordon/policy'
import type { Beat, GateVerdict, SessionDecision, Standing } from '@cordon/schemas'
import { createLocalSerde } from '@cordon/serde'
import { digestArguments, type ProvenMessage, type SessionToken } from '@cordon/tokens'

import { encodeRecords } from './adapters/encode-records.ts'
import type { CheckedCall } from './core/check-order.ts'
import type { Call } from './core/call-facts.ts'
import { createRateLimiter } from './core/rate-limiter.ts'
import { createSessionSequences } from './core/session-sequences.ts'
import type { Engine } from './engine.ts'
import { createEngine } from './engine.ts'
import type { EnginePorts, Extraction, HeldDecision, SessionRecord } from './ports.ts'

const engineId: EngineId = parseEngineId('engine-a')
const agentId: AgentId = parseAgentId('support-agent')
export const sessionId: SessionId = parseSessionId('3.0197b1a0-0000-7000-8000-000000000001')
/** 2026-01-01T00:00:00Z. */
export const startAt = 1_767_225_600_000

export const bundle: Bundle = {
  version: 7,
  catalogue: {
    'files/read_file': {
      readOnly: true,
      sensitivity: 1,
      mode: 'enforce',
      resources: [{ kind: 'path', argument: 'path', syntax: 'path' }],
    },
    'files/write_file': {
      readOnly: false,
      sensitivity: 2,
      mode: 'enforce',
      resources: [{ kind: 'path', argument: 'path', syntax: 'path' }],
    },
    'files/touch': { readOnly: false, sensitivity: 1, mode: 'enforce', resources: [] },
    'files/watch': { readOnly: false, sensitivity: 3, mode: 'monitor', resources: [] },
    'files/send_mail': {
      readOnly: false,
      sensitivity: 3,
      mode: 'gate',
      resources: [{ kind: 'recipient', argument: 'to', syntax: 'email' }],
    },
    'files/format_disk': { readOnly: false, sensitivity: 3, mode: 'enforce', resources: [] },
  },
  roles: {},
  thresholds: { verify: 3, readOnly: 5, suspend: 8 },
  failSafe: {
    staleAfterMs: 5000,
    gateTimeoutMs: 250,
    recordTimeoutMs: 2000,
    whenStale: 'deny-sensitive',
    whenUnrecorded: 'deny-sensitive',
  },
  rateLimit: { callsPerSecond: 100, burst: 300 },
  decisionKeys: [],
  identity: closedIdentity,
}

export const principal: SessionToken = {
  sessionId,
  human: 'alice',
  agentId,
  platform: 'scripts',
  role: 'support',
  clearance: 3,
  server: 'files',
  tools: new Set(
    ['read_file', 'write_file', 'touch', 'watch', 'send_mail', 'unlisted'].map(tool => `files/${tool}`),
  ),
  tokenId: 'token-1',
  transactionId: 'work-1',
  issuedAt: startAt,
  expiresAt: startAt + 300_000,
  authenticatedAt: startAt,
  acr: '0',
  // RFC 7638 §3.1.
  holder: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  status: { uri: 'https://identity.example/status/0', index: 0 },
}

/** Whose decisions the tests' tables believe. */
const signer = openDecisionSigner(Buffer.alloc(32, 1))
export const verifier: DecisionVerifier = createDecisionVerifier([signer.key])

/** As the scorer would sign it; the standing begins with it where nothing else is said. */
export const decisionOf = (standing: Standing, change: Partial<SessionDecision> = {}): SessionDecision => {
  const decision = {
    sessionId,
    version: 10,
    standing,
    score: 50,
    evidence: 1,
    contributions: [],
    decidedAt: startAt,
    causedBy: null,
    baselineVersion: 1,
    baselineSessions: -1,
    thresholdBasis: 'bundle',
    bundleVersion: 7,
    standingVersion: change.version ?? 10,
    ...change,
  }
  return { ...decision, ...signer.sign(decision), ...change }
}

export const beatOf = (beat: BeatClaim): Beat => ({ ...beat, ...signer.signBeat(beat) })

export const verdictOf = (invocationId: InvocationId, verdict: GateVerdict['verdict']): GateVerdict => ({
  engineId,
  sessionId,
  invocationId,
  sequence: 0,
  verdict,
  ...signer.signVerdict({ engineId, sessionId, invocationId, verdict }),
  standing: 'trusted',
  score: 10,
  evidence: 0,
  contributions: [],
  version: 11,
  decidedAt: startAt,
})

const isString = (value: unknown): value is string => typeof value === 'string'

/** Reads what extractors name at the top level; e-mail addresses are the only entities. */
export const fakeExtraction: Extraction = {
  resources: (extractors, args) =>
    extractors.flatMap(({ kind, argument }) =>
      [args[argument]]
        .flat()
        .filter(isString)
        .map(name => ({ kind, name })),
    ),
  targets: (extractors, args) =>
    fakeExtraction.entities(
      extractors.length === 0
        ? args
        : Object.fromEntries(extractors.map(({ argument }) => [argument, args[argument] ?? ''])),
    ),
  entities(args) {
    const values = Object.values(args)
      .flat(2)
      .filter(isString)
      .flatMap(text => text.split(/[^\w.@]/))
      .filter(word => word.includes('@'))
    return {
      entities: values.slice(0, 64).map(value => ({ kind: 'email', value })),
      overflow: values.length > 64,
    }
  },
  fingerprint: (kind, value) => createHash('sha256').update(`${kind}:${value}`).digest().readUIntBE(0, 6),
  parameters: args =>
    Object.entries(args).flatMap(([name, value]) => (isString(value) ? [{ name, value }] : [])),
  parameterFingerprint: (name, value) => fakeExtraction.fingerprint('other', `${name}=${value}`),
  valueWording: value => [value.length],
  resultWording: (reported, fingerprints) =>
    Buffer.concat([Buffer.from(reported, 'base64'), Buffer.from(fingerprints.map(() => 7))]),
  argumentsShape: args => Object.keys(args).length,
  digest: text => createHash('sha256').update(text).digest(),
}

const codec = createLocalSerde()

/** As the log finds out. */
const areWritable = (id: SessionId, records: readonly SessionRecord[]): boolean => {
  try {
    return encodeRecords(codec, id, records).length > 0
  } catch {
    return false
  }
}

/** An engine over fakes whose every part a test can turn. */
export interface EngineFixture {
  readonly engine: Engine
  /** What went into the session's log, in order. */
  readonly log: SessionRecord[]
  readonly decided: CheckedCall[]
  readonly unattributed: string[]
  /** Servers at which a proof came twice. */
  readonly replayed: string[]
  /** `server/tool`. */
  readonly drifted: string[]
  /** What proofs were compared with. */
  readonly proven: (ProvenMessage | undefined)[]
  /** What the ports answer; to be changed by the test. */
  readonly world: {
    now: number
    bundle: Bundle | undefined
    decision: SessionDecision | undefined
    /** What comes in while a call of a session without a decision waits for one. */
    arrivingDecision: SessionDecision | undefined
    stalenessMs: number
    isRevoked: (tool: string) => boolean
    /** `full`: the queue takes nothing; `failing`: Kafka refuses; `silent`: no acknowledgement ever. */
    recording: 'working' | 'full' | 'failing' | 'silent'
    gate: GateVerdict['verdict'] | 'silent'
    /** What happens while a gated call waits. */
    whileWaiting: () => void
  }
  /** A call of the one session, with its token. */
  readonly call: (tool: string, args?: unknown) => Promise<AuthorizeAnswer>
}

export const namesOf = (log: readonly SessionRecord[]): string[] => log.map(({ name }) => name)

export const callOf = (tool: string, args: unknown = {}): Call => ({ server: 'files', tool, arguments: args })

/** A message that calls nothing, as the engine is asked about it. */
export const saying = (
  method: string,
  content: object = {},
  server = 'files',
): { readonly server: string; readonly method: string; readonly contentDigest: string } => ({
  server,
  method,
  contentDigest: digestArguments(content),
})

/** The session's token with a proof: its sequence number, or why it does not hold. */
export const shownWith = (proof: string, token = 'valid'): ProvenRequest => ({
  token,
  proof,
  htm: 'POST',
  htu: 'https://proxy.example/mcp/files',
})

/** @param clock in place of `world.now` */
export const createEngineFixture = (ports: Partial<EnginePorts> = {}, clock?: Clock): EngineFixture => {
  const log: SessionRecord[] = []
  const decided: CheckedCall[] = []
  const unattributed: string[] = []
  const replayed: string[] = []
  const drifted: string[] = []
  const proven: (ProvenMessage | undefined)[] = []
  const world: EngineFixture['world'] = {
    now: startAt,
    bundle,
    decision: decisionOf('trusted'),
    arrivingDecision: undefined,
    stalenessMs: 0,
    isRevoked: () => false,
    recording: 'working',
    gate: 'forward',
    whileWaiting: () => undefined,
  }
  let held: HeldDecision | undefined
  let sequence = -1
  const waitForEver = new Promise<never>(() => undefined)
  const fakes: EnginePorts = {
    tokens: {
      verify: (token, server) => {
        if (token !== 'valid') return { ok: false, reason: token === '' ? 'TOKEN_ABSENT' : 'SIGNATURE_WRONG' }
        return server === principal.server
          ? { ok: true, token: principal }
          : { ok: false, reason: 'AUDIENCE_REFUSED' }
      },
    },
    proofs: {
      nonce: () => 'nonce',
      verify: ({ proof }, _principal, _now, message) => {
        proven.push(message)
        const sequence = Number(proof)
        if (proof === '') return { ok: false, reason: 'PROOF_MISSING' }
        return Number.isNaN(sequence)
          ? { ok: false, reason: proof as 'PROOF_INVALID' }
          : { ok: true, sequence }
      },
    },
    revocations: { isRevoked: (_principal, tool) => world.isRevoked(tool) },
    downstream: { issue: (_principal, { id: _id, ...call }) => JSON.stringify(call) },
    bundles: { current: () => world.bundle },
    decisions: {
      find(id) {
        if (world.decision !== held?.decision)
          held = world.decision && { decision: world.decision, receivedAt: startAt }
        return held?.decision.sessionId === id ? held : undefined
      },
      arrival: () => {
        world.decision = world.arrivingDecision
        return Promise.resolve(world.decision && { decision: world.decision, receivedAt: startAt })
      },
      staleness: partition => (partition === 3 ? world.stalenessMs : Number.POSITIVE_INFINITY),
    },
    extraction: fakeExtraction,
    sessionLog: {
      append(id, records) {
        if (!areWritable(id, records)) return 'unwritable'
        if (world.recording === 'full') return 'full'
        log.push(...records)
        const { recording } = world
        return {
          onRecord: () => (recording === 'silent' ? waitForEver : Promise.resolve(recording === 'working')),
        }
      },
    },
    sequences: createSessionSequences(),
    rates: createRateLimiter(),
    gateVerdicts: {
      expect: (_sessionId, invocationId) => ({
        arrived: Promise.resolve().then(() => {
          world.whileWaiting()
          return world.gate === 'silent' ? undefined : verdictOf(invocationId, world.gate)
        }),
        abandon: () => undefined,
      }),
    },
    deadlines: {
      within: promise =>
        Promise.race([promise, new Promise<undefined>(resolve => setImmediate(() => resolve(undefined)))]),
    },
    newInvocationId: now => parseInvocationId(uuidV7(now)),
  }
  const engine = createEngine({
    engineId,
    ports: { ...fakes, ...ports },
    clock: clock ?? { now: () => world.now },
    observer: {
      callDecided: call => decided.push(call),
      callRepeated: () => undefined,
      proofReplayed: (_principal, server) => replayed.push(server),
      toolDrifted: (_principal, server, tool) => drifted.push(`${server}/${tool}`),
      outcomeTakenOver: () => undefined,
      outcomeUnattributed: ({ invocationId }) => unattributed.push(invocationId),
    },
  })
  return {
    engine,
    log,
    decided,
    unattributed,
    replayed,
    drifted,
    proven,
    world,
    call: (tool, args) => engine.authorize(shownWith(String((sequence += 1))), callOf(tool, args)),
  }
}
