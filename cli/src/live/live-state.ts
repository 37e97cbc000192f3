import type { Standing } from '@cordon/schemas'

import type { Block, BlockCause } from './block.ts'
import { CallTimes } from './call-times.ts'
import type { Cut, CutReason } from './cut.ts'
import type { Downgrade } from './downgrade.ts'
import { isJudged, judgementBehind } from './judgement-behind.ts'
import { bySeverity, severityOf, unseenSession, type LiveSession } from './live-session.ts'
import { Pending } from './pending.ts'
import type { RevocationFact } from './revocation-fact.ts'
import type { FactOf, SessionFact } from './session-fact.ts'
import { sessionScopes } from './session-scopes.ts'
import type { Stop } from './stop.ts'
import { Stops } from './stops.ts'

/** Sessions that are remembered: those that ended are forgotten first, then those that were seen first. */
const sessionLimit = 1000
/** Judgements of a session that are remembered. */
const judgementLimit = 32

/** The record says that it ended without an answer, and not who ended it: its agent may have given it up. */
interface Unanswered {
  readonly call: FactOf<'completed'>
  /** Both stand in one log: its session had ended before the call did. */
  readonly afterEnd: boolean
}

interface Known {
  readonly session: LiveSession
  readonly judgements: readonly FactOf<'judged'>[]
  /** The gravest standing that was explained. */
  readonly told: Standing
}

/** Everything the live view knows; bounded, whatever the records say. */
export class LiveState {
  readonly #known = new Map<string, Known>()
  readonly #calls = new CallTimes()
  readonly #stops = new Stops()
  #touches = 0
  /** Refusals whose cause was not read yet. */
  readonly #refusals = new Pending<FactOf<'denied'>>()
  readonly #downgrades = new Pending<Downgrade>()
  readonly #unanswered = new Pending<Unanswered>()

  /** In the order in which they were first seen. */
  get sessions(): readonly LiveSession[] {
    return Array.from(this.#known.values(), ({ session }) => this.#withStops(session))
  }

  /** Those that matter most, by severity and then by how lately something was read of them. */
  foremost(count: number): readonly LiveSession[] {
    return this.sessions.toSorted(bySeverity).slice(0, count)
  }

  /** @returns the blocks that are understood now: topics are read side by side, so a refusal may come before its judgement */
  apply(fact: SessionFact): readonly Block[] {
    const { sessionId } = fact
    switch (fact.kind) {
      case 'opened':
        this.#change(sessionId, () => ({
          human: fact.human,
          agentId: fact.agentId,
          platform: fact.platform,
          parentSessionId: fact.parentSessionId ?? undefined,
        }))
        return []
      case 'attempted':
        this.#calls.add(fact.invocationId, fact.at)
        this.#change(sessionId, ({ calls }) => ({ lastCall: fact.tool, calls: calls + 1 }))
        return []
      case 'judged':
        // The scorer's farewell may come after the end, to a session that is forgotten already.
        if (fact.standing === 'ended' && !this.#known.has(sessionId)) return []
        this.#judge(fact)
        return this.#settle(sessionId)
      case 'denied':
        this.#change(sessionId, ({ refused }) => ({ refused: refused + 1 }))
        this.#refusals.add(fact)
        return this.#settle(sessionId)
      case 'completed':
        if (fact.outcome === 'cancelled') {
          const afterEnd = this.#get(sessionId).session.standing === 'ended'
          this.#unanswered.add({ call: fact, afterEnd })
        }
        return []
      case 'ended':
        if (this.#known.has(sessionId)) this.#change(sessionId, () => ({ standing: 'ended' }))
        return []
    }
  }

  /** @returns what has become of the scope, where that is news, and the blocks that are understood now */
  revoke(fact: RevocationFact): {
    readonly change: 'stopped' | 'lifted' | undefined
    readonly blocks: readonly Block[]
  } {
    const change = this.#stops.apply(fact)
    return { change, blocks: change === 'stopped' ? this.#settle() : [] }
  }

  /** Called now and then. @returns the blocks that were waiting at the last call already, without their cause */
  release(): readonly Block[] {
    return this.#refusals.turn().map(denied => this.#block(denied, 'unseen'))
  }

  /** Called as seldom. @returns the downgrades that were waiting at the last call already, and that no refusal has explained */
  releaseDowngrades(): readonly Downgrade[] {
    return this.#downgrades
      .turn()
      .filter(({ session, judgement }) => this.#tell(session.sessionId, judgement.standing))
  }

  /** Called as seldom. @returns the calls that were cut; what cut them may be read after their end, by two calls of this at most */
  releaseCuts(): readonly Cut[] {
    const cuts: Cut[] = []
    const stillWaits = (unanswered: Unanswered): boolean => {
      const cut = this.#cut(unanswered)
      if (cut !== undefined) cuts.push(cut)
      return cut === undefined
    }
    this.#unanswered.keep(stillWaits)
    this.#unanswered.turn()
    return cuts
  }

  #cut({ call, afterEnd }: Unanswered): Cut | undefined {
    const { session, judgements } = this.#get(call.sessionId)
    const stops = this.#stopsOf(call).filter(({ since }) => since <= call.at)
    const isSuspension = ({ gated, standing, at }: FactOf<'judged'>): boolean =>
      !gated && standing === 'suspended' && at <= call.at
    const reasons: readonly (readonly [CutReason, boolean])[] = [
      ['REVOKED', stops.length > 0],
      ['SESSION_SUSPENDED', judgements.some(isSuspension)],
      ['SESSION_ENDED', afterEnd],
    ]
    const reason = reasons.find(([, holds]) => holds)?.[0]
    return reason && { session: this.#withStops(session), tool: call.tool, reason, stops }
  }

  /** The blocks whose cause is known. @param sessionId of which something was read; omitted: of the kill switch */
  #settle(sessionId?: string): readonly Block[] {
    const blocks: Block[] = []
    const stillWaits = (denied: FactOf<'denied'>): boolean => {
      if (sessionId !== undefined && denied.sessionId !== sessionId) return true
      if (isStopped(denied) && this.#stopsOf(denied).length === 0) return true
      const cause = isJudged(denied.reason) ? this.#cause(denied) : 'none'
      if (cause === undefined) return true
      blocks.push(this.#block(denied, cause === 'none' ? undefined : cause))
      return false
    }
    this.#refusals.keep(stillWaits)
    return blocks
  }

  #block(denied: FactOf<'denied'>, cause: Block['cause']): Block {
    const { sessionId, tool, reason, at } = denied
    const session = this.#withStops(this.#get(sessionId).session)
    const stops = isStopped(denied) ? this.#stopsOf(denied) : []
    if (typeof cause === 'object') this.#tell(sessionId, cause.judgement.standing)
    return { session, tool, reason, callToBlockMs: this.#calls.since(denied.invocationId, at), cause, stops }
  }

  #withStops(session: LiveSession): LiveSession {
    const stops = session.standing === 'ended' ? [] : this.#stops.among(this.#scopesOf(session))
    return stops.length === 0 ? session : { ...session, stops }
  }

  /** That a tool is stopped is no matter of the whole session. */
  #stopsOf({ sessionId, tool }: Pick<FactOf<'denied'>, 'sessionId' | 'tool'>): readonly Stop[] {
    const server = tool.slice(0, tool.indexOf('/'))
    const scopes = this.#scopesOf(this.#get(sessionId).session)
    return this.#stops.among([...scopes, `tool:${tool}`, `tool:${server}/*`])
  }

  #scopesOf(session: LiveSession): readonly string[] {
    return sessionScopes(session, sessionId => this.#known.get(sessionId)?.session)
  }

  #cause(denied: FactOf<'denied'>): BlockCause | undefined {
    const judgement = judgementBehind(denied, this.#known.get(denied.sessionId)?.judgements ?? [])
    return (
      judgement && {
        judgement,
        callToDecisionMs: this.#calls.since(judgement.causedBy ?? '', judgement.at),
        standingForMs: judgement.gated ? undefined : Math.max(0, denied.at - judgement.at),
      }
    )
  }

  #judge(fact: FactOf<'judged'>): void {
    const { session, judgements, told } = this.#get(fact.sessionId)
    const standing = session.standing === 'ended' ? session.standing : fact.standing
    const worst = severityOf(fact.standing) > severityOf(session.worst) ? fact.standing : session.worst
    const baselineSessions = fact.baselineSessions ?? session.baselineSessions
    const judged = { ...session, judged: fact, standing, worst, baselineSessions }
    this.#put({ session: judged, judgements: [...judgements, fact].slice(-judgementLimit), told })
    if (!fact.gated && stopsCalls(fact.standing)) this.#downgrades.add({ session: judged, judgement: fact })
  }

  /** @returns false where something as grave was explained before */
  #tell(sessionId: string, standing: Standing): boolean {
    const known = this.#get(sessionId)
    if (severityOf(standing) <= severityOf(known.told)) return false
    if (this.#known.has(sessionId)) this.#known.set(sessionId, { ...known, told: standing })
    return true
  }

  #change(sessionId: string, change: (session: LiveSession) => Partial<LiveSession>): void {
    const { session, ...rest } = this.#get(sessionId)
    this.#put({ session: { ...session, ...change(session) }, ...rest })
  }

  #get(sessionId: string): Known {
    return (
      this.#known.get(sessionId) ?? { session: unseenSession(sessionId), judgements: [], told: 'unknown' }
    )
  }

  #put({ session, ...rest }: Known): void {
    this.#touches += 1
    this.#known.set(session.sessionId, { session: { ...session, touched: this.#touches }, ...rest })
    if (this.#known.size > sessionLimit) this.#forgetSession()
  }

  #forgetSession(): void {
    const ended = this.#known.values().find(({ session }) => session.standing === 'ended')
    const [first] = this.#known.keys()
    this.#known.delete(ended?.session.sessionId ?? first ?? '')
  }
}

const isStopped = ({ reason }: FactOf<'denied'>): boolean => reason === 'REVOKED'

const stopsCalls = (standing: Standing): boolean => standing === 'read_only' || standing === 'suspended'
