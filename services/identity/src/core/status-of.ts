import type { Standing } from '@cordon/schemas'

import type { StoredSession } from './held-session.ts'
import { type ActiveRevocations, revokedScope } from './revocation-scope.ts'

/** As receivers read it. */
export type SessionStatus = 'valid' | 'invalid' | 'suspended'

/** What receivers are told of a session. What is not known to be open is not valid. */
export const statusOf = (
  { session, ended }: StoredSession,
  facts: {
    readonly standing: Standing | undefined
    readonly parentStanding: Standing | undefined
    readonly revocations: ActiveRevocations
    readonly now: number
  },
): SessionStatus => {
  const { standing, parentStanding, revocations, now } = facts
  if (ended || session.endsAt <= now) return 'invalid'
  if (standing === undefined || standing === 'ended' || parentStanding === 'ended') return 'invalid'
  if (standing === 'suspended' || standing === 'unknown' || parentStanding === 'suspended') return 'suspended'
  return revokedScope(revocations, session) === undefined ? 'valid' : 'suspended'
}
