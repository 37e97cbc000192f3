import type { PrincipalFacts, SessionFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'

/** A session is opened only once its first decision can be read, so one without a decision was never opened, or is over. */
export const checkSession: Check<PrincipalFacts, SessionFacts> = {
  name: 'check-session',
  run({ principal }, { decisions }) {
    const held = decisions.find(principal.sessionId)
    if (held !== undefined) return pass({ held })
    return refuse(deny('SESSION_UNKNOWN', 'This session is not known, or is over. Open a new one.'))
  },
}
