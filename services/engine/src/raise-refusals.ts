import type { Clock } from '@cordon/foundation'
import type { SessionId } from '@cordon/foundation'
import type { SecuritySignal, Standing } from '@cordon/schemas'
import type { SessionToken } from '@cordon/tokens'

import type { KafkaSecuritySignals } from './adapters/kafka-security-signals.ts'
import { driftSignal, replaySignal, revocationSignal, verdictSignal } from './core/caller-signals.ts'
import { refusalSignal } from './core/refusal-signal.ts'
import { createSignalLimit } from './core/signal-limit.ts'
import type { Refused } from './open-engine-ports.ts'

/** What subscribers are told of what was refused, and not of what stood there at the start. */
export interface RefusalSignals {
  decisionRefused(refused: Refused): void
  verdictForged(sessionId: SessionId, standing: Standing): void
  proofReplayed(principal: SessionToken, server: string): void
  /** @param tool `server/tool` */
  toolDrifted(principal: SessionToken, tool: string): void
  revocationRefused(cause: 'forged' | 'replayed', scope: string, isLive: boolean): void
}

/** Each session or scope and cause is told once a minute. */
export const raiseRefusals = (signals: Pick<KafkaSecuritySignals, 'raise'>, clock: Clock): RefusalSignals => {
  const limit = createSignalLimit()

  const raise = (fact: string, signal: () => SecuritySignal, key?: string): void => {
    if (limit.admits(fact, performance.now())) void signals.raise(signal(), key)
  }

  return {
    decisionRefused({ cause, decision, standing, isLive }) {
      // A beat is no session's: it is counted and logged.
      if (decision === undefined || cause === 'beat_forged' || !isLive) return
      raise(`${cause} ${decision.sessionId}`, () => refusalSignal({ cause, decision, standing }, clock.now()))
    },
    verdictForged(sessionId, standing) {
      raise(`verdict ${sessionId}`, () => verdictSignal(sessionId, standing, clock.now()))
    },
    proofReplayed(principal, server) {
      raise(`proof ${principal.sessionId}`, () => replaySignal(principal, server, clock.now()))
    },
    toolDrifted(principal, tool) {
      raise(`drift ${tool} ${principal.sessionId}`, () => driftSignal(principal, tool, clock.now()))
    },
    revocationRefused(cause, scope, isLive) {
      if (isLive) raise(`revocation ${scope}`, () => revocationSignal(cause, scope, clock.now()), scope)
    },
  }
}
