import type { Records } from '@cordon/schemas'

/** Nothing is signed. */
export const unsigned: Pick<Records['SessionState'], 'standingVersion' | 'keyId' | 'signature'> = {
  standingVersion: -1,
  keyId: '',
  signature: Buffer.alloc(0),
}

/** One value of records of every shape, for tests and measurements. */
export const recordSamples: Pick<
  Records,
  'InvocationAttempted' | 'SessionDecision' | 'OutboxEntry' | 'SessionState' | 'Tick'
> = {
  InvocationAttempted: {
    sessionId: '3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b',
    invocationId: '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8c',
    sequence: 12,
    attemptedAt: 1_790_000_000_123,
    engineId: 'engine-1',
    server: 'postgres',
    tool: 'postgres/query',
    mode: 'enforce',
    readOnly: true,
    sensitivity: 2,
    resources: [
      { kind: 'table', name: 'public.invoices' },
      { kind: 'table', name: 'public.customers' },
    ],
    entities: [
      { kind: 'email', fingerprint: 4_503_599_627_370_495, target: false },
      { kind: 'identifier', fingerprint: 17, target: true },
    ],
    entitiesOverflow: false,
    parameters: [
      { name: 'sql', value: 81_985_529_216_486, wording: [8191, 0, 77] },
      { name: 'limit', value: 23, wording: [] },
    ],
    argumentsBytes: 480,
    argumentsShape: 1_234_567_890_123,
    argumentsDigest: Buffer.alloc(32, 7),
    tokenId: '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8d',
    bundleVersion: 4,
    proof: 'p'.repeat(640),
    proofSequence: 12,
    drift: 'none',
  },
  SessionDecision: {
    sessionId: '3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b',
    version: 918_273,
    standing: 'suspended',
    score: 93.25,
    evidence: 2.625,
    contributions: [
      { signal: 'provenance', nats: 2.5, fact: 'an argument repeats an account that a result brought in' },
      { signal: 'novel-tool', nats: 0.125, fact: 'first use of mail/send by this agent' },
    ],
    decidedAt: 1_790_000_000_456,
    causedBy: '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8c',
    baselineVersion: 1,
    baselineSessions: -1,
    thresholdBasis: 'bundle',
    bundleVersion: 4,
    standingVersion: 918_270,
    keyId: 'scorer-2026',
    signature: Buffer.alloc(64, 8),
  },
  OutboxEntry: { topic: 'session-decisions', partition: 3, key: 'k', value: Buffer.from('value') },
  SessionState: {
    human: 'alice',
    encoding: 1,
    state: Buffer.alloc(600, 9),
    draft: Buffer.alloc(200, 8),
    ...unsigned,
  },
  Tick: { partition: 3, tickedAt: 1_790_000_000_000, baselines: [] },
}
