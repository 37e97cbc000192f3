import type { Session } from '../session/session.ts'
import type { Expectations } from './expectations.ts'
import { model } from './model.ts'
import { hedgedNats } from './signal.ts'

const { misuseShare, sessionWeight, hedge, unforeseen } = model.failures
const maxCounted = 65_535

/**
 * Denials and errors: Beta-Binomial. A session that probes fails more often than its baseline; the session's own failures
 * make the next one less telling.
 */
export const failureNats = (session: Session, expected: Expectations, failed: boolean): number => {
  const usual = (session.failures + sessionWeight * expected.failures) / (session.outcomes + sessionWeight)
  const ratio = failed ? misuseShare / usual : (1 - misuseShare) / (1 - usual)
  return hedgedNats(ratio, hedge, unforeseen)
}

export const countOutcome = (session: Session, failed: boolean): void => {
  if (session.outcomes === maxCounted) return
  session.outcomes += 1
  if (failed) session.failures += 1
}
