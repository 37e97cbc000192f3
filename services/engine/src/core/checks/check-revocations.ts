import type { CallFacts, PrincipalFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'

type Needs = CallFacts & PrincipalFacts

const revoked = deny(
  'REVOKED',
  'An operator has stopped this agent, human, platform, tool or session, or everything. Only an operator can lift that.',
)

/** Has somebody pulled the kill switch? It holds for tokens that were issued before, and for calls in mode `monitor` too. */
export const checkRevocations: Check<Needs, object> = {
  name: 'check-revocations',
  run({ principal, call, now }, { revocations, rates }) {
    if (!revocations.isRevoked(principal, call.tool)) return pass({})
    // An agent that does not give up must not fill the log.
    return refuse(rates.tellRefusal(principal.sessionId, now) ? revoked : { ...revoked, isRepeated: true })
  },
}
