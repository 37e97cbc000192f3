import type { AuthorizeAnswer, ProvenRequest } from '@cordon/engine-socket'
import type { Clock, SessionId } from '@cordon/foundation'
import { parseInvocationId, uuidV7 } from '@cordon/foundation'
import type { Bundle } from '@cordon/policy'
import type { GateVerdict, SessionDecision } from '@cordon/schemas'
import { createLocalSerde } from '@cordon/serde'
import { digestArguments, type ProvenMessage } from '@cordon/tokens'

import { encodeRecords } from './adapters/encode-records.ts'
import type { CheckedCall } from './core/check-order.ts'
import type { Call } from './core/call-facts.ts'
import { createRateLimiter } from './core/rate-limiter.ts'
import { createSessionSequences } from './core/session-sequences.ts'
import type { Engine } from './engine.ts'
import { createEngine } from './engine.ts'
import { fakeExtraction } from './extraction-fixture.ts'
import type { EnginePorts, HeldDecision, SessionRecord } from './ports.ts'
import { bundle, decisionOf, engineId, principal, startAt, verdictOf } from './session-fixture.ts'

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
  /** Numbers of proofs that were given back. */
  readonly freed: number[]
  /** What the ports answer; to be changed by the test. */
  readonly world: {
    now: number
    bundle: Bundle | undefined
    decision: SessionDecision | undefined
    /** What comes in while a call of a session without a decision waits for one. */
    arrivingDecision: SessionDecision | undefined
    stalenessMs: number
    /** Whether no number can be given back any more. */
    isTooFarBehind: boolean
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

/** What a downstream token of the fakes is for; `null` where there is none. */
export const downstreamOf = (token: string | undefined): unknown => JSON.parse(token ?? 'null')

/** @param clock in place of `world.now` */
export const createEngineFixture = (ports: Partial<EnginePorts> = {}, clock?: Clock): EngineFixture => {
  const log: SessionRecord[] = []
  const decided: CheckedCall[] = []
  const unattributed: string[] = []
  const replayed: string[] = []
  const drifted: string[] = []
  const proven: (ProvenMessage | undefined)[] = []
  const freed: number[] = []
  const world: EngineFixture['world'] = {
    now: startAt,
    bundle,
    decision: decisionOf('trusted'),
    arrivingDecision: undefined,
    stalenessMs: 0,
    isTooFarBehind: false,
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
      giveBack: (_sessionId, { sequence }) => {
        freed.push(sequence)
        return !world.isTooFarBehind
      },
      verify: ({ proof }, _principal, _now, message) => {
        proven.push(message)
        const sequence = Number(proof)
        if (proof === '') return { ok: false, reason: 'PROOF_MISSING' }
        return Number.isNaN(sequence)
          ? { ok: false, reason: proof as 'PROOF_INVALID' }
          : { ok: true, proven: { proof, sequence, issuedAt: startAt, era: 0 } }
      },
    },
    revocations: {
      revokedBy: (_principal, tool) => (world.isRevoked(tool) ? `tool:files/${tool}` : undefined),
    },
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
    freed,
    world,
    call: (tool, args) => engine.authorize(shownWith(String((sequence += 1))), callOf(tool, args)),
  }
}
