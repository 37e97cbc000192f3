import { CordonError } from '@cordon/foundation'
import { z } from 'zod'

import { type IdentityClient, RequestRefused } from './identity-client.ts'

/** What an operator stopped. */
export interface Revocation {
  /** `<kind>:<id>`. */
  readonly scope: string
  readonly reason: string
  readonly by: string
  /** ISO 8601. */
  readonly decidedAt: string
}

/** What a revocation does at once. */
export interface Revoked {
  /** Sessions that it stops, or takes a tool from. */
  readonly openSessions: number
  /** Those of them that are not renewed either. */
  readonly notRenewed: number
  /** `server/*`, where nothing else knows the tool that is stopped. */
  readonly knownThrough?: string | undefined
}

const revokedSchema = z.object({
  openSessions: z.int(),
  notRenewed: z.int(),
  knownThrough: z.string().optional(),
})

const listSchema = z.object({
  revocations: z.array(
    z.object({
      scope: z.string(),
      active: z.boolean(),
      by: z.string(),
      reason: z.string(),
      decidedAt: z.string(),
    }),
  ),
})

/**
 * Stops whoever or whatever a scope names.
 * @param force also where the scope names nobody of the bundle or of an open session
 * @throws CordonError as `IdentityClient.ask`, `SCOPE_UNKNOWN`
 */
export const revoke = async (
  identity: IdentityClient,
  { scope, reason, force }: { readonly scope: string; readonly reason: string; readonly force: boolean },
): Promise<Revoked> => {
  try {
    return await identity.ask({
      method: 'POST',
      path: '/revocations',
      body: { scope, reason, force },
      answer: revokedSchema,
    })
  } catch (error) {
    if (!(error instanceof RequestRefused) || error.reason !== 'SCOPE_UNKNOWN') throw error
    throw new CordonError(
      'SCOPE_UNKNOWN',
      `scope: expected one of the bundle or of an open session, got ${scope}; nothing is stopped, --force revokes it all the same`,
      { cause: error },
    )
  }
}

/** What is stopped at present. */
export const revocations = async (identity: IdentityClient): Promise<readonly Revocation[]> => {
  const { revocations: all } = await identity.ask({
    method: 'GET',
    path: '/revocations',
    answer: listSchema,
  })
  return all.filter(({ active }) => active)
}

/**
 * Lets what a scope names go on.
 * @returns how many open sessions it names
 * @throws CordonError as `IdentityClient.ask`, `SCOPE_NOT_REVOKED`
 */
export const lift = async (identity: IdentityClient, scope: string): Promise<number> => {
  try {
    const { openSessions } = await identity.ask({
      method: 'DELETE',
      path: `/revocations/${encodeURIComponent(scope)}`,
      answer: z.object({ openSessions: z.int() }),
    })
    return openSessions
  } catch (error) {
    if (!(error instanceof RequestRefused) || error.reason !== 'NOT_FOUND') throw error
    throw new CordonError(
      'SCOPE_NOT_REVOKED',
      `scope: expected one that is revoked, got ${scope}; "cordon revocations" lists them`,
      { cause: error },
    )
  }
}
