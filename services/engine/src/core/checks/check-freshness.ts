import { partitionOfSession } from '@cordon/foundation'
import { isSensitive } from '@cordon/policy'

import type { BundleFacts, EntryFacts, PrincipalFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'

/**
 * Is the standing still worth something? Without a live scorer, or without hearing it, a session may have been suspended
 * and nobody here knows. So `monitor` makes no difference: what the bundle says of staleness holds for every tool.
 */
export const checkFreshness: Check<PrincipalFacts & BundleFacts & EntryFacts, object> = {
  name: 'check-freshness',
  run({ principal, bundle: { failSafe }, entry }, { decisions }) {
    const staleMs = decisions.staleness(partitionOfSession(principal.sessionId))
    if (staleMs <= failSafe.staleAfterMs) return pass({})
    if (failSafe.whenStale === 'deny-sensitive' && !isSensitive(entry)) return pass({})
    return refuse(
      deny(
        'SESSION_STALE',
        'The engine has not heard from the scorer for too long to allow this call. Try again later.',
      ),
    )
  },
}
