import type { SecuritySignal, SessionDecision, Standing } from '@cordon/schemas'

/** A decision that was refused because of who wrote it, or when. */
export interface RefusedDecision {
  readonly cause: 'forged' | 'replayed'
  readonly decision: SessionDecision
  /** The session's standing here, which it did not change. */
  readonly standing: Standing
}

const kinds = { forged: 'decision_forged', replayed: 'decision_replayed' } as const

const factOf = ({ cause, decision, standing }: RefusedDecision): string =>
  cause === 'forged'
    ? `a decision "${decision.standing}": expected a signature by a key of the bundle, got ${decision.signature.length === 0 ? 'none' : 'another'}`
    : `a decision "${decision.standing}": expected a later standing than "${standing}", got one of before`

/** What subscribers are told. Whose session it is only the scorer knows. */
export const refusalSignal = (refused: RefusedDecision, occurredAt: number): SecuritySignal => {
  const { cause, decision, standing } = refused
  const kind = kinds[cause]
  return {
    sessionId: decision.sessionId,
    signalId: `${decision.sessionId}/${decision.version}/${kind}`,
    kind,
    human: '',
    agentId: '',
    standing,
    score: 0,
    contributions: [{ signal: kind, nats: 0, fact: factOf(refused) }],
    occurredAt,
  }
}
