import type { SessionId } from '@cordon/foundation'

import type { EndReason } from '../../core/end-reason.ts'
import type { Queries } from '../../ports/database.ts'
import type { LifeLimits, SessionEnding } from '../../ports/session-store.ts'
import { isLoggedOut } from './add-sessions.ts'

/** Open sessions whose time is over. Of several reasons the one that was first in force would be hard to tell: any is true. */
export const dueSessions = async (
  { query }: Queries,
  { now, idleMs, renewalGraceMs, watchedSince }: LifeLimits,
): Promise<readonly Omit<SessionEnding, 'endedAt'>[]> => {
  const rows = await query<{ session_id: SessionId; reason: EndReason }>(
    `select session_id, reason from (
       select s.session_id, case
         when s.ends_at <= $1::bigint then 'expired'
         when ${isLoggedOut} then 'logged-out'
         when s.parent is not null and not exists (
           select from sessions p where p.session_id = s.parent and p.ended_at is null) then 'parent-ended'
         when s.tokens_until + $2::bigint <= $1::bigint then 'not-renewed'
         when greatest(s.active_at, $3::bigint) + $4::bigint <= $1::bigint then 'idle'
       end as reason
       from sessions s where s.ended_at is null) as judged
     where reason is not null
     limit 1000`,
    [now, renewalGraceMs, watchedSince, idleMs],
  )
  return rows.map(row => ({ sessionId: row.session_id, reason: row.reason }))
}
