import type { CallFacts, ClassifiedFacts, PrincipalFacts, SessionFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'
import { refuseCall } from '../standing-rules.ts'
import { refuseRevoked } from './check-revocations.ts'
import { refuseDelegated } from './check-session.ts'

type Needs = CallFacts & PrincipalFacts & SessionFacts & ClassifiedFacts

/** The agent gets another token by itself. */
const tokenExpiredMeanwhile = deny(
  'TOKEN_EXPIRED',
  'The session token has expired while the call waited, so it was not forwarded. Call again.',
)

/**
 * May the call still go, after it waited to be recorded or judged? The kill switch, the token's end or a decision may have overtaken
 * it. Expiry counts where it came meanwhile: recorded tokens are long over.
 */
export const confirmStanding: Check<Needs, SessionFacts> = {
  name: 'confirm-standing',
  run(facts, ports) {
    const { principal, held: before, entry, now } = facts
    const revoked = refuseRevoked(facts, ports)
    if (revoked !== undefined) return refuse(revoked)
    const { expiresAt } = principal
    if (now < expiresAt && ports.clock.now() >= expiresAt) return refuse(tokenExpiredMeanwhile)
    const delegated = refuseDelegated(principal, ports.decisions)
    if (delegated !== undefined) return refuse(delegated)
    const held = ports.decisions.find(principal.sessionId)
    if (held === before) return pass({ held })
    if (held === undefined) return refuse(deny('SESSION_ENDED', 'This session has ended. Open a new one.'))
    const refused = refuseCall(held.decision.standing, entry)
    return refused === undefined ? pass({ held }) : refuse(refused, { held })
  },
}
