import type { Database } from '../../ports/database.ts'
import type { Renewal, SessionStore } from '../../ports/session-store.ts'
import { useProofs } from './used-proofs.ts'

/** Notes how long the tokens of sessions live now, where their proofs are unused, all in one transaction. */
export const renewSessions = async (
  database: Database,
  renewals: readonly Renewal[],
): Promise<readonly Awaited<ReturnType<SessionStore['renew']>>[]> =>
  database.transaction(async queries => {
    const mayGoOn = await useProofs(
      queries,
      renewals.map(({ proofs }) => proofs),
    )
    // Sorted, so that two replicas do not wait for each other.
    const fresh = renewals
      .filter((_, index) => mayGoOn[index])
      .toSorted((one, other) => (one.sessionId < other.sessionId ? -1 : 1))
    const renewed = await queries.query<{ session_id: string }>(
      `update sessions s set tokens_until = greatest(s.tokens_until, r.tokens_until)
       from (select session_id, max(tokens_until) as tokens_until
             from unnest($1::text[], $2::bigint[]) as u (session_id, tokens_until)
             group by session_id) as r
       where s.session_id = r.session_id and s.ended_at is null
       returning s.session_id`,
      [fresh.map(({ sessionId }) => sessionId), fresh.map(({ tokensUntil }) => tokensUntil)],
    )
    const open = new Set(renewed.map(row => row.session_id))
    return renewals.map(({ sessionId }, index) => {
      if (mayGoOn[index] !== true) return 'PROOF_REPLAYED'
      return open.has(sessionId) ? 'renewed' : 'SESSION_ENDED'
    })
  })
