import type { CallFacts, PrincipalFacts } from '../call-facts.ts'
import type { CheckPorts } from '../../ports.ts'
import type { Check, Refused } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'

type Needs = CallFacts & PrincipalFacts

/** What the kill switch says, of whatever it stops. */
export const revoked: Refused = {
  ...deny(
    'REVOKED',
    'An operator has stopped this agent, human, platform, tool or session, or everything. Only an operator can lift that.',
  ),
  // An agent that does not give up must not fill the log.
  boundedAs: 'agent',
}

/** Has somebody pulled the kill switch? It holds for tokens that were issued before, and for calls in mode `monitor` too. */
export const checkRevocations: Check<Needs, object> = {
  name: 'check-revocations',
  run(facts, ports) {
    const refused = refuseRevoked(facts, ports)
    return refused === undefined ? pass({}) : refuse(refused)
  },
}

/** The same for calls that were let through once, and waited. */
export const refuseRevoked = (
  { principal, call }: Needs,
  { revocations }: CheckPorts,
): Refused | undefined => (revocations.isRevoked(principal, call.tool) ? revoked : undefined)
