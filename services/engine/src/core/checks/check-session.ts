import type { CallFacts, PrincipalFacts, SessionFacts } from '../call-facts.ts'
import type { Check, CheckResult } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'

/** The age of a token up to which its session may be so new that this engine has not heard of it; tokens tell whole seconds. */
const newSessionMs = 5000
/** Identity has read the first decision when it issues the token; this engine reads the same topic at its own pace. */
const arrivalLimitMs = 1000

/** A session is opened only once its first decision can be read, so one without a decision was never opened, or is over. */
export const checkSession: Check<CallFacts & PrincipalFacts, SessionFacts> = {
  name: 'check-session',
  run({ principal, now }, { decisions }) {
    const held = decisions.find(principal.sessionId)
    if (held !== undefined) return pass({ held })
    if (now - principal.issuedAt > newSessionMs) return refuse(unknown)
    return awaitArrival(decisions.arrival(principal.sessionId, arrivalLimitMs))
  },
}

const unknown = deny('SESSION_UNKNOWN', 'This session is not known, or is over. Open a new one.')

const awaitArrival = async (
  arrival: Promise<SessionFacts['held'] | undefined>,
): Promise<CheckResult<SessionFacts>> => {
  const held = await arrival
  return held === undefined ? refuse(unknown) : pass({ held })
}
