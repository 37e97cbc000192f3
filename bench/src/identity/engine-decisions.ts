import { createSecretKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

import {
  createCallProofs,
  createDownstreamTokens,
  createEngine,
  createRevocationTable,
  type Engine,
  type EnginePorts,
  openLocalExtraction,
} from '@cordon/engine'
import { parseEngineId, parseInvocationId, uuidV7 } from '@cordon/foundation'
import { type Bundle, closedIdentity } from '@cordon/policy'
import {
  createTokenVerifier,
  generateDownstreamSecret,
  type KeySet,
  openDownstreamKey,
  parseKeySet,
} from '@cordon/tokens'

import type { Figure } from '../report.ts'
import { issuer, makeProvenCalls, server, url } from './proven-calls.ts'
import { compareAwaited, type Turns } from './turns.ts'

/** Fewer than of single steps: each call has a proof of its own, made beforehand. */
const fewer = { warmUpRounds: 50, rounds: 250 }
const grantedTools = 5

/** The engine decides about the calls of a session, in turns with the signatures that this cannot do without. */
export const measureDecisions = async (
  { callsInRound }: Turns,
  now: number,
): Promise<{ readonly figures: Record<string, Figure>; readonly refused: number }> => {
  const turns: Turns = { ...fewer, callsInRound }
  const proofs = createCallProofs(randomBytes(32))
  const calls = (turns.rounds + turns.warmUpRounds) * callsInRound
  const nonce = proofs.nonce(now)
  const session = await makeProvenCalls('EdDSA', { calls, grantedTools, now, nonce })
  const keys = parseKeySet({ keys: [session.publicJwk] })
  const engine = await openEngine(now, proofs, keys)
  const { privateKey } = generateKeyPairSync('ed25519')
  const token = session.token.toString('latin1')
  let refused = 0
  let downstreamBytes: Buffer | undefined

  const decide = async (sequence: number): Promise<void> => {
    const { proof } = session.calls[sequence]!
    const { verdict, downstreamToken } = await engine.authorize(
      { token, proof: proof.toString('latin1'), htm: 'POST', htu: url },
      { server, tool: 'read_file', arguments: { path: `/notes/${sequence}.md` } },
    )
    if (verdict !== 'forward' || downstreamToken === undefined) refused += 1
    else downstreamBytes ??= Buffer.from(downstreamToken.slice(0, downstreamToken.lastIndexOf('.')))
  }

  await decide(0)
  const bytes = downstreamBytes ?? Buffer.alloc(0)
  const figures = await compareAwaited(
    turns,
    () => {
      for (let count = 0; count < callsInRound; count += 1) {
        if (!session.isSigned(session.calls[count]!)) refused += 1
        sign(null, bytes, privateKey)
      }
    },
    async round => {
      const first = (round + turns.warmUpRounds) * callsInRound
      // The first of all is spent.
      for (let count = 0; count < callsInRound; count += 1) if (first + count > 0) await decide(first + count)
    },
  )
  return { figures, refused }
}

/** Everything of a decision is real, but that its record goes nowhere and its session needs no scorer. */
const openEngine = async (now: number, proofs: EnginePorts['proofs'], keys: KeySet): Promise<Engine> => {
  const key = openDownstreamKey(generateDownstreamSecret())
  const ports: EnginePorts = {
    tokens: createTokenVerifier({ issuer, keys: () => keys }),
    proofs,
    revocations: createRevocationTable(),
    downstream: createDownstreamTokens(issuer, { current: () => key }),
    bundles: { current: () => bundle },
    decisions: {
      find: sessionId => ({
        decision: { ...trusted, sessionId, decidedAt: now },
        receivedAt: now,
      }),
      arrival: () => Promise.resolve(undefined),
      staleness: () => 0,
    },
    extraction: await openLocalExtraction(createSecretKey(randomBytes(32))),
    sessionLog: { append: () => ({ onRecord: () => Promise.resolve(true) }) },
    sequences: { next: () => 0 },
    rates: { take: () => true, takeOutcome: () => true, takeMessages: () => true, tellRefusal: () => true },
    gateVerdicts: { expect: () => ({ arrived: Promise.resolve(undefined), abandon: () => undefined }) },
    deadlines: { within: promise => promise },
    newInvocationId: at => parseInvocationId(uuidV7(at)),
  }
  return createEngine({
    engineId: parseEngineId('bench'),
    ports,
    clock: { now: () => now },
    observer: {
      callDecided: () => undefined,
      callRepeated: () => undefined,
      proofReplayed: () => undefined,
      toolDrifted: () => undefined,
      outcomeTakenOver: () => undefined,
      outcomeUnattributed: () => undefined,
    },
  })
}

const bundle: Bundle = {
  version: 1,
  catalogue: {
    'files/read_file': {
      readOnly: true,
      sensitivity: 1,
      mode: 'enforce',
      resources: [{ kind: 'path', argument: 'path', syntax: 'path' }],
    },
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
  rateLimit: { callsPerSecond: 1_000_000, burst: 1_000_000 },
  decisionKeys: [],
  identity: closedIdentity,
}

const trusted = {
  version: 1,
  standing: 'trusted',
  score: 1,
  evidence: 0,
  contributions: [],
  causedBy: null,
  baselineVersion: 1,
  baselineSessions: -1,
  thresholdBasis: 'bundle',
  bundleVersion: 1,
  standingVersion: 1,
  keyId: '',
  signature: Buffer.alloc(0),
} as const
