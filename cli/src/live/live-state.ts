import type { Standing } from '@cordon/schemas'

import { refusalInWords } from './refusal-in-words.ts'
import type { Judgement, SessionFact } from './session-fact.ts'

/** A session as the live view shows it. */
export interface LiveSession {
  readonly sessionId: string
  /** Unknown, as the agent, where the record of its opening was not seen, or not yet: topics are read side by side. */
  readonly human: string | undefined
  readonly agentId: string | undefined
  readonly lastCall: string
  readonly calls: number
  readonly refused: number
  readonly standing: Standing
  /** What the scorer said last. */
  readonly judged: (Judgement & { readonly at: number }) | undefined
}

/** A call that was stopped. */
export interface Block {
  readonly session: LiveSession
  readonly tool: string
  readonly reason: string
  /** From this call to its refusal, in milliseconds. */
  readonly callToBlockMs: number | undefined
  readonly cause: BlockCause
}

/** The scorer's decision, or, where the call was refused for something else, that in words. */
export type BlockCause =
  | {
      readonly decision: Judgement
      /** From the call that it rests on to the decision; absent where no call caused it. */
      readonly callToDecisionMs: number | undefined
      /** How old it was, where an earlier call had caused it: the session was stopped before this call came. */
      readonly decisionAgeMs: number | undefined
    }
  | { readonly words: string }

/** Sessions that are remembered: those that ended are forgotten first, then those that were seen first. */
const sessionLimit = 1000
/** Calls that are remembered, for a minute at most: a refusal follows its call, and its cause, by far less. */
const attemptLimit = 10_000
const attemptLifeMs = 60_000

/** Everything the live view knows; bounded, whatever the records say. */
export class LiveState {
  readonly #sessions = new Map<string, LiveSession>()
  readonly #attempts = new Map<string, number>()

  /** In the order in which they were first seen. */
  get sessions(): readonly LiveSession[] {
    return [...this.#sessions.values()]
  }

  /** The newest of them, those that are open before those that ended. */
  newest(count: number): readonly LiveSession[] {
    const open = this.sessions.filter(({ standing }) => standing !== 'ended').slice(-count)
    const ended = this.sessions.filter(({ standing }) => standing === 'ended')
    const shown = new Set([...open, ...ended.slice(Math.max(0, ended.length + open.length - count))])
    return this.sessions.filter(session => shown.has(session))
  }

  /** @returns the block, where the fact is one */
  apply(fact: SessionFact): Block | undefined {
    const { sessionId } = fact
    switch (fact.kind) {
      case 'opened':
        this.#change(sessionId, () => ({ human: fact.human, agentId: fact.agentId }))
        return undefined
      case 'attempted':
        this.#attempts.set(fact.invocationId, fact.at)
        this.#forgetAttempts(fact.at)
        this.#change(sessionId, ({ calls }) => ({ lastCall: fact.tool, calls: calls + 1 }))
        return undefined
      case 'judged':
        // The scorer's farewell may come after the end, to a session that is forgotten already.
        if (fact.standing === 'ended' && !this.#sessions.has(sessionId)) return undefined
        this.#change(sessionId, ({ standing }) => ({
          judged: fact,
          standing: standing === 'ended' ? standing : fact.standing,
        }))
        return undefined
      case 'denied':
        return this.#block(
          fact,
          this.#change(sessionId, ({ refused }) => ({ refused: refused + 1 })),
        )
      case 'ended':
        if (this.#sessions.has(sessionId)) this.#change(sessionId, () => ({ standing: 'ended' }))
        return undefined
    }
  }

  #change(sessionId: string, change: (session: LiveSession) => Partial<LiveSession>): LiveSession {
    const before = this.#sessions.get(sessionId) ?? unseen(sessionId)
    const session = { ...before, ...change(before) }
    this.#sessions.set(sessionId, session)
    if (this.#sessions.size > sessionLimit) this.#forgetSession()
    return session
  }

  #block(fact: Extract<SessionFact, { kind: 'denied' }>, session: LiveSession): Block {
    const { tool, reason, at } = fact
    const calledAt = this.#attempts.get(fact.invocationId)
    const callToBlockMs = calledAt === undefined ? undefined : at - calledAt
    return { session, tool, reason, callToBlockMs, cause: this.#cause(fact, session) }
  }

  #cause(
    { invocationId, reason, at }: Extract<SessionFact, { kind: 'denied' }>,
    session: LiveSession,
  ): BlockCause {
    const words = refusalInWords(reason)
    if (words !== undefined) return { words }
    const { judged } = session
    if (judged === undefined) return { words: 'by a decision that was made before this view was opened' }
    const causedAt = this.#attempts.get(judged.causedBy ?? '')
    return {
      decision: judged,
      callToDecisionMs: causedAt === undefined ? undefined : judged.at - causedAt,
      decisionAgeMs: judged.causedBy === invocationId ? undefined : at - judged.at,
    }
  }

  #forgetSession(): void {
    const ended = this.sessions.find(({ standing }) => standing === 'ended')
    const [first] = this.#sessions.keys()
    this.#sessions.delete(ended?.sessionId ?? first ?? '')
  }

  #forgetAttempts(now: number): void {
    for (const [invocationId, at] of this.#attempts) {
      if (this.#attempts.size <= attemptLimit && now - at < attemptLifeMs) return
      this.#attempts.delete(invocationId)
    }
  }
}

const unseen = (sessionId: string): LiveSession => ({
  sessionId,
  human: undefined,
  agentId: undefined,
  lastCall: '',
  calls: 0,
  refused: 0,
  standing: 'unknown',
  judged: undefined,
})
