import type { SessionFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { pass, refuse } from '../check.ts'
import { refuseSession } from '../standing-rules.ts'

/** May the session talk to the server at all? What it may call there is asked with each call. */
export const admitStanding: Check<SessionFacts, object> = {
  name: 'admit-standing',
  run({ held }) {
    const refused = refuseSession(held.decision.standing)
    return refused === undefined ? pass({}) : refuse(refused)
  },
}
