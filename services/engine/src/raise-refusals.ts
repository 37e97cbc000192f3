import type { Clock, SessionId } from '@cordon/foundation'

import type { KafkaSecuritySignals } from './adapters/kafka-security-signals.ts'
import { refusalSignal } from './core/refusal-signal.ts'
import { createSignalLimit } from './core/signal-limit.ts'
import type { Refused } from './open-engine-ports.ts'

/** Tells subscribers of decisions that were refused: each session and cause once a minute, and not of what stood there at the start. */
export const raiseRefusals = (
  signals: Pick<KafkaSecuritySignals, 'raise'>,
  clock: Clock,
): ((refused: Refused) => void) => {
  const limit = createSignalLimit()
  return ({ cause, decision, standing, isLive }) => {
    // A beat is no session's, a verdict nobody's whom it may name: they are counted and logged.
    if (decision === undefined || cause === 'beat_forged' || cause === 'verdict_forged' || !isLive) return
    const { sessionId } = decision
    if (!limit.admits(`${cause} ${sessionId}`, performance.now())) return
    void signals.raise(sessionId as SessionId, refusalSignal({ cause, decision, standing }, clock.now()))
  }
}
