import type { EntryFacts, SessionFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { pass, refuse } from '../check.ts'
import { refuseCall } from '../standing-rules.ts'

/** What may the session still do, after all it did? */
export const applyStanding: Check<SessionFacts & EntryFacts, object> = {
  name: 'apply-standing',
  run({ held, entry }) {
    const refused = refuseCall(held.decision.standing, entry)
    return refused === undefined ? pass({}) : refuse(refused)
  },
}
