import type { Contribution, Standing } from '@cordon/schemas'

import type { SessionFact } from './session-fact.ts'

/** A session as the live view shows it. */
export interface LiveSession {
  readonly sessionId: string
  readonly human: string
  readonly agentId: string
  readonly lastCall: string
  readonly calls: number
  readonly refused: number
  readonly score: number
  readonly standing: Standing
}

/** A call that was stopped, and how long that took. */
export interface Block {
  readonly sessionId: string
  readonly agentId: string
  readonly human: string
  readonly tool: string
  readonly reason: string
  readonly score: number
  readonly standing: Standing
  readonly contributions: readonly Contribution[]
  /** From this call to its refusal. */
  readonly callToBlockMs: number | undefined
  /** From the call that it rests on to the scorer's decision; absent where no call caused it. */
  readonly callToDecisionMs: number | undefined
  /** How old the decision was, where an earlier call had caused it: the session was stopped before this call came. */
  readonly decisionAgeMs: number | undefined
}

/** Everything the live view knows; grows with open sessions and the calls of the last minute only. */
export class LiveState {
  readonly #sessions = new Map<string, LiveSession>()
  readonly #attempts = new Map<string, { readonly at: number }>()
  readonly #judgements = new Map<string, Extract<SessionFact, { kind: 'judged' }>>()

  /** In the order in which they were opened. */
  get sessions(): readonly LiveSession[] {
    return [...this.#sessions.values()]
  }

  /** @returns the block, where the fact is one */
  apply(fact: SessionFact): Block | undefined {
    switch (fact.kind) {
      case 'opened':
        this.#open(fact)
        return undefined
      case 'attempted':
        this.#attempts.set(fact.invocationId, { at: fact.at })
        this.#change(fact.sessionId, session => ({ lastCall: fact.tool, calls: session.calls + 1 }))
        this.#forgetOld(fact.at)
        return undefined
      case 'judged':
        this.#judgements.set(fact.sessionId, fact)
        this.#change(fact.sessionId, () => ({ score: fact.score, standing: fact.standing }))
        return undefined
      case 'denied':
        this.#change(fact.sessionId, session => ({ refused: session.refused + 1 }))
        return this.#block(fact)
      case 'ended':
        this.#change(fact.sessionId, () => ({ standing: 'ended' }))
        this.#judgements.delete(fact.sessionId)
        return undefined
    }
  }

  /** Takes sessions that ended out of the view, oldest first, until `keep` are left. */
  trim(keep: number): void {
    for (const { sessionId, standing } of this.sessions) {
      if (this.#sessions.size <= keep) return
      if (standing === 'ended') this.#sessions.delete(sessionId)
    }
  }

  #open({ sessionId, human, agentId }: Extract<SessionFact, { kind: 'opened' }>): void {
    // A decision may be read before the event that caused it: the two topics are read side by side.
    const judged = this.#judgements.get(sessionId)
    this.#sessions.set(sessionId, {
      sessionId,
      human,
      agentId,
      lastCall: '',
      calls: 0,
      refused: 0,
      score: judged?.score ?? 0,
      standing: judged?.standing ?? 'unknown',
    })
  }

  #change(sessionId: string, change: (session: LiveSession) => Partial<LiveSession>): void {
    const session = this.#sessions.get(sessionId)
    if (session !== undefined) this.#sessions.set(sessionId, { ...session, ...change(session) })
  }

  #block({ sessionId, invocationId, tool, reason, at }: Extract<SessionFact, { kind: 'denied' }>): Block {
    const session = this.#sessions.get(sessionId)
    const judged = this.#judgements.get(sessionId)
    const own = this.#attempts.get(invocationId)
    const cause = this.#attempts.get(judged?.causedBy ?? '')
    return {
      sessionId,
      agentId: session?.agentId ?? '',
      human: session?.human ?? '',
      tool,
      reason,
      score: judged?.score ?? 0,
      standing: judged?.standing ?? 'unknown',
      contributions: judged?.contributions ?? [],
      callToBlockMs: own && at - own.at,
      callToDecisionMs: cause && judged && judged.at - cause.at,
      decisionAgeMs: own === cause ? undefined : judged && at - judged.at,
    }
  }

  #forgetOld(now: number): void {
    for (const [invocationId, { at }] of this.#attempts) {
      if (now - at < 60_000) return
      this.#attempts.delete(invocationId)
    }
  }
}
