import type { Queries } from '../../ports/database.ts'
import type { UsedProof } from '../../ports/session-store.ts'

/**
 * Uses proofs, once each. A request with several is refused where any of them was used before.
 * @returns which of the requests may go on
 */
export const useProofs = async (
  { query }: Queries,
  requests: readonly (readonly UsedProof[])[],
): Promise<readonly boolean[]> => {
  // In one order, so that two replicas do not wait for each other.
  const proofs = requests.flat().toSorted((one, other) => Buffer.compare(one.digest, other.digest))
  const fresh = await query<{ digest: Buffer }>(
    `insert into used_proofs (digest, expires_at)
     select * from unnest($1::bytea[], $2::bigint[])
     on conflict do nothing
     returning digest`,
    [proofs.map(({ digest }) => digest), proofs.map(({ expiresAt }) => expiresAt)],
  )
  const unused = new Set(fresh.map(({ digest }) => digest.toString('base64')))
  // Shown twice at once, the first has it.
  return requests.map(request =>
    request.map(({ digest }) => unused.delete(Buffer.from(digest).toString('base64'))).every(Boolean),
  )
}
