import type { ClassifiedFacts, PrincipalFacts, SessionFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'
import { refuseCall } from '../standing-rules.ts'

/** Does the session still stand as it did? A call that waited to be recorded or judged may have been overtaken by a decision. */
export const confirmStanding: Check<PrincipalFacts & SessionFacts & ClassifiedFacts, SessionFacts> = {
  name: 'confirm-standing',
  run({ principal, held: before, entry }, { decisions }) {
    const held = decisions.find(principal.sessionId)
    if (held === before) return pass({ held })
    if (held === undefined) return refuse(deny('SESSION_ENDED', 'This session has ended. Open a new one.'))
    const refused = refuseCall(held.decision.standing, entry)
    return refused === undefined ? pass({ held }) : refuse(refused, { held })
  },
}
