import type { Standing } from '@cordon/schemas'

import type { StoredSession } from './held-session.ts'
import { principalOf } from './principal-of.ts'
import { type ActiveRevocations, revokedScope } from './revocation-scope.ts'

/** As receivers read it. */
export type SessionStatus = 'valid' | 'invalid' | 'suspended'

/** What receivers are told of a session. What is not known to be open is not valid. */
export const statusOf = (
  { session, ended }: StoredSession,
  facts: {
    readonly standing: Standing | undefined
    /** Of the sessions whose agents handed work on. */
    readonly ancestorStandings: readonly (Standing | undefined)[]
    readonly revocations: ActiveRevocations
    readonly now: number
  },
): SessionStatus => {
  const { standing, ancestorStandings, revocations, now } = facts
  if (ended || session.endsAt <= now) return 'invalid'
  if (standing === undefined || standing === 'ended' || ancestorStandings.includes('ended')) return 'invalid'
  if (standing === 'suspended' || standing === 'unknown' || ancestorStandings.includes('suspended'))
    return 'suspended'
  return revokedScope(revocations, principalOf(session)) === undefined ? 'valid' : 'suspended'
}
