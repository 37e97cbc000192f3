import type { SecuritySignal, Standing } from '@cordon/schemas'
import type { SessionToken } from '@cordon/tokens'

const unscored = { standing: 'unknown', score: 0 } as const

/** What subscribers are told when a proof came a second time. How the session stands only the scorer knows. */
export const replaySignal = (
  { sessionId, human, agentId }: SessionToken,
  server: string,
  occurredAt: number,
): SecuritySignal => {
  const fact = `a proof for server ${server}: expected one that was not used before, got one that was`
  return {
    ...unscored,
    sessionId,
    signalId: `${sessionId}/${occurredAt}/proof_replayed`,
    kind: 'proof_replayed',
    human,
    agentId,
    contributions: [{ signal: 'proof_replayed', nats: 0, fact }],
    occurredAt,
  }
}

/** What subscribers are told when a tool is not the one that was approved. @param tool `server/tool` */
export const driftSignal = (
  { sessionId, human, agentId }: SessionToken,
  tool: string,
  occurredAt: number,
): SecuritySignal => {
  const fact = `the definition of ${tool}: expected the one that the catalogue pins, got another`
  return {
    ...unscored,
    sessionId,
    signalId: `${sessionId}/${occurredAt}/tool_drifted/${tool}`,
    kind: 'tool_drifted',
    human,
    agentId,
    contributions: [{ signal: 'tool_drifted', nats: 0, fact }],
    occurredAt,
  }
}

/** What subscribers are told when somebody else than the scorer answered a gated call. @param sessionId whose call waits */
export const verdictSignal = (sessionId: string, standing: Standing, occurredAt: number): SecuritySignal => {
  const fact = 'a verdict on a call that waits: expected the signature of the scorer, got another or none'
  return {
    sessionId,
    signalId: `${sessionId}/${occurredAt}/verdict_forged`,
    kind: 'verdict_forged',
    human: '',
    agentId: '',
    standing,
    score: 0,
    contributions: [{ signal: 'verdict_forged', nats: 0, fact }],
    occurredAt,
  }
}

/** What subscribers are told when a statement of the kill switch was refused. It is about no session. */
export const revocationSignal = (
  cause: 'forged' | 'replayed',
  scope: string,
  occurredAt: number,
): SecuritySignal => {
  const expected = { forged: 'the signature of identity', replayed: 'a later one than the one in force' }
  const got = { forged: 'another or none', replayed: 'one of before' }
  const fact = `a revocation of ${scope}: expected ${expected[cause]}, got ${got[cause]}`
  return {
    ...unscored,
    sessionId: '',
    signalId: `${scope}/${occurredAt}/revocation_forged`,
    kind: 'revocation_forged',
    human: '',
    agentId: '',
    contributions: [{ signal: 'revocation_forged', nats: 0, fact }],
    occurredAt,
  }
}
