import type { CallFacts, PrincipalFacts } from '../call-facts.ts'
import type { CheckPorts } from '../../ports.ts'
import type { Check, Refused } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'

type Needs = CallFacts & PrincipalFacts

/** What the kill switch says, of whatever it stops. @param scope the same words as of a session that it lets nobody open */
export const revoked = (scope: string): Refused => ({
  ...deny('REVOKED', `An operator has stopped ${scope}. Only an operator can lift that.`),
  // An agent that does not give up must not fill the log.
  boundedAs: 'agent',
})

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
): Refused | undefined => {
  const scope = revocations.revokedBy(principal, call.tool)
  return scope === undefined ? undefined : revoked(scope)
}
