import type { Assessment } from './assessment.ts'
import type { Kernel } from './kernel.ts'
import { RiskError } from './risk-error.ts'
import type { SessionEvent } from './session-event.ts'
import type { Session } from './session/session.ts'

/** What came of a whole log. */
export interface PlayedLog {
  readonly session: Session
  /** The highest evidence that it reached, nats. */
  readonly peak: number
}

/**
 * Hands one session's log to a kernel.
 * @param onAssessment what each record after the first left the session at
 * @throws RiskError `SESSION_LOG_MALFORMED` where the log does not begin with `SessionOpened`
 */
export const playLog = (
  kernel: Kernel,
  log: readonly SessionEvent[],
  onAssessment: (event: SessionEvent, assessment: Assessment) => void = () => undefined,
): PlayedLog => {
  const [first, ...rest] = log
  if (first?.name !== 'SessionOpened')
    throw new RiskError(
      'SESSION_LOG_MALFORMED',
      `session log: expected SessionOpened first, got ${first?.name ?? 'nothing'}`,
    )
  const session = kernel.open(first.value, first.at)
  let peak = 0
  for (const event of rest) {
    const assessment = judge(kernel, session, event)
    if (assessment === undefined) continue
    peak = Math.max(peak, assessment.evidence)
    onAssessment(event, assessment)
  }
  return { session, peak }
}

const judge = (kernel: Kernel, session: Session, event: SessionEvent): Assessment | undefined => {
  switch (event.name) {
    // A session opens once.
    case 'SessionOpened':
      return undefined
    case 'InvocationAttempted':
      return kernel.attempt(session, event.value, event.at)
    case 'InvocationCompleted':
      return kernel.complete(session, event.value, event.at)
    case 'InvocationDenied':
      return kernel.deny(session, event.value, event.at)
    case 'SessionEnded':
      return kernel.end(session, event.value, event.at)
  }
}
