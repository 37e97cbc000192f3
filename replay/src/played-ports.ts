import type { EnginePorts } from '@cordon/engine'
import type { GateVerdict, SessionDecision, Verdict } from '@cordon/schemas'

/**
 * An engine's ports for sessions that happened already: everything is published and judged as it would be live, and what
 * would have been held or denied goes on, because it did.
 */
export const playedPorts = (ports: EnginePorts, onVerdict: (verdict: Verdict) => void): EnginePorts => ({
  ...ports,
  decisions: {
    find: sessionId => ({ decision: { ...trusted, sessionId }, receivedAt: 0 }),
    arrival: () => Promise.resolve(undefined),
    staleness: () => 0,
  },
  gateVerdicts: {
    expect: (sessionId, invocationId, limitMs) => {
      const expected = ports.gateVerdicts.expect(sessionId, invocationId, limitMs)
      return { ...expected, arrived: forwarded(expected.arrived, onVerdict) }
    },
  },
})

const forwarded = async (
  arrived: Promise<GateVerdict | undefined>,
  onVerdict: (verdict: Verdict) => void,
): Promise<GateVerdict | undefined> => {
  const answer = await arrived
  if (answer !== undefined) onVerdict(answer.verdict)
  return answer && { ...answer, verdict: 'forward' }
}

const trusted: SessionDecision = {
  sessionId: '',
  version: 0,
  standing: 'trusted',
  score: 0,
  evidence: 0,
  contributions: [],
  decidedAt: 0,
  causedBy: null,
  baselineVersion: 0,
  baselineSessions: -1,
  thresholdBasis: 'bundle',
  bundleVersion: 0,
  standingVersion: 0,
  keyId: '',
  signature: Buffer.alloc(0),
}

/** Gated calls where no scorer is: all go on. */
export const judgedByNobody: EnginePorts['gateVerdicts'] = {
  expect: () => ({ arrived: Promise.resolve(forward), abandon: () => undefined }),
}

const forward: GateVerdict = {
  engineId: '',
  sessionId: '',
  invocationId: '',
  sequence: 0,
  verdict: 'forward',
  standing: 'trusted',
  score: 0,
  evidence: 0,
  contributions: [],
  version: 0,
  decidedAt: 0,
  keyId: '',
  signature: Buffer.alloc(0),
}
