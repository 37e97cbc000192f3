import type { Database } from '../../ports/database.ts'
import { type NewSession, type SessionStore, unnamedSession } from '../../ports/session-store.ts'
import { overLimits } from './open-counts.ts'
import { useProofs } from './used-proofs.ts'

/** Keeps sessions whose proofs are unused and whose humans have not logged out, all in one transaction. */
export const addSessions = async (
  database: Database,
  sessions: readonly NewSession[],
): Promise<readonly Awaited<ReturnType<SessionStore['add']>>[]> =>
  database.transaction(async queries => {
    const mayGoOn = await useProofs(
      queries,
      sessions.map(({ proofs }) => proofs),
    )
    const proven = sessions.filter((_, index) => mayGoOn[index])
    const tooMany = await overLimits(queries, proven)
    const fresh = proven.filter(session => !tooMany.has(session))
    const kept = await queries.query<{ session_id: string; status_index: number }>(insert, columnsOf(fresh))
    const places = new Map(kept.map(row => [row.session_id, row.status_index]))
    return sessions.map((each, index) => {
      if (mayGoOn[index] !== true) return 'PROOF_REPLAYED'
      return tooMany.get(each) ?? places.get(each.session.sessionId) ?? 'HUMAN_LOGGED_OUT'
    })
  })

/**
 * Logged out: by the provider's own session, or as this human, after the provider signed for them. An automation rests on no session of
 * its sponsor's: only the end of all of them is the end of a grant that was signed before.
 */
export const isLoggedOut: string = `exists (
  select from logged_out l
  where l.revoked_at >= s.authenticated_at
    and case when s.provider is null then l.human = s.human and l.human_session is null
      else l.provider = s.provider
        and (l.human is null or l.human = s.human)
        and (l.human_session is null or l.human_session = coalesce(s.human_session, '${unnamedSession}')) end)`

const insert = `
  insert into sessions (session_id, refresh_digest, parent, provider, human, human_session,
    authenticated_at, opened_at, ends_at, tokens_until, active_at, held)
  select s.session_id, s.refresh_digest, s.parent, s.provider, s.human, s.human_session,
    s.authenticated_at, s.opened_at, s.ends_at, s.tokens_until, s.opened_at, s.held
  from unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[],
    $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::jsonb[])
    as s (session_id, refresh_digest, parent, provider, human, human_session,
      authenticated_at, opened_at, ends_at, tokens_until, held)
  where not ${isLoggedOut}
  returning session_id, status_index`

const columnsOf = (sessions: readonly NewSession[]) => {
  const held = sessions.map(({ session }) => session)
  return [
    held.map(({ sessionId }) => sessionId),
    sessions.map(({ refreshDigest }) => refreshDigest),
    held.map(({ ancestors }) => ancestors[0] ?? null),
    held.map(({ vouchedBy }) => (vouchedBy.kind === 'provider' ? vouchedBy.name : null)),
    held.map(({ human }) => human),
    held.map(({ humanSession }) => humanSession),
    held.map(({ authenticatedAt }) => authenticatedAt),
    held.map(({ openedAt }) => openedAt),
    held.map(({ endsAt }) => endsAt),
    sessions.map(({ tokensUntil }) => tokensUntil),
    held.map(session => JSON.stringify(session)),
  ]
}
