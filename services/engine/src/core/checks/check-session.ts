import type { Standing } from '@cordon/schemas'

import type { CallFacts, PrincipalFacts, SessionFacts } from '../call-facts.ts'
import type { CheckPorts } from '../../ports.ts'
import type { Check, CheckResult, Refused } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'

/** The age of a token up to which its session may be so new that this engine has not heard of it; tokens tell whole seconds. */
const newSessionMs = 5000
/** Identity has read the first decision when it issues the token; this engine reads the same topic at its own pace. */
const arrivalLimitMs = 1000

/**
 * A session is opened only once its first decision can be read, so one without a decision was never opened, or is over. One whose work
 * was handed on by a session that is over is over too.
 */
export const checkSession: Check<CallFacts & PrincipalFacts, SessionFacts> = {
  name: 'check-session',
  run({ principal, now }, { decisions }) {
    const refused = refuseDelegated(principal, decisions)
    if (refused !== undefined) return refuse(refused)
    const held = decisions.find(principal.sessionId)
    if (held !== undefined) return pass({ held })
    if (now - principal.issuedAt > newSessionMs) return refuse(unknown)
    return awaitArrival(decisions.arrival(principal.sessionId, arrivalLimitMs))
  },
}

/** The same for calls that were let through once, and waited. */
export const refuseDelegated = (
  { ancestors = [] }: PrincipalFacts['principal'],
  decisions: Pick<CheckPorts['decisions'], 'find'>,
): Refused | undefined => {
  for (const ancestor of ancestors)
    if (isOut(decisions.find(ancestor)?.decision.standing)) return delegatorOut
  return undefined
}

const unknown = deny('SESSION_UNKNOWN', 'This session is not known, or is over. Open a new one.')

// Identity ends it within a second or so; until then a token of it is good nowhere either.
const delegatorOut = deny(
  'SESSION_ENDED',
  'A session that handed its work on to this one has ended or is suspended, so this one is over. Open a new one.',
)

const isOut = (standing: Standing | undefined): boolean => standing === 'ended' || standing === 'suspended'

const awaitArrival = async (
  arrival: Promise<SessionFacts['held'] | undefined>,
): Promise<CheckResult<SessionFacts>> => {
  const held = await arrival
  return held === undefined ? refuse(unknown) : pass({ held })
}
