import {
  createDecisionVerifier,
  openDecisionSigner,
  type BeatClaim,
  type DecisionVerifier,
} from '@cordon/decisions'
import type { AgentId, EngineId, InvocationId, SessionId } from '@cordon/foundation'
import { parseAgentId, parseEngineId, parseSessionId } from '@cordon/foundation'
import { type Bundle, closedIdentity } from '@cordon/policy'
import type { Beat, GateVerdict, SessionDecision, Standing } from '@cordon/schemas'
import type { SessionToken } from '@cordon/tokens'

import type { SessionRecord } from './ports.ts'

// One session at one engine: its token, the bundle in force, and what a scorer signs about it.

export const engineId: EngineId = parseEngineId('engine-a')
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

/** A record of the session's log. */
export const denied: Extract<SessionRecord, { readonly name: 'InvocationDenied' }> = {
  name: 'InvocationDenied',
  value: {
    sessionId,
    invocationId: 'i',
    deniedAt: 1,
    tool: 't',
    verdict: 'deny',
    reason: 'TOOL_UNKNOWN',
    standing: 'trusted',
    proofSequence: null,
  },
}
