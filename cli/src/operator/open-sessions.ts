import { z } from 'zod'

import type { IdentityClient } from './identity-client.ts'

/** An open session, as identity tells operators of it. Times are ISO 8601. */
export interface OpenSession {
  readonly sessionId: string
  readonly human: string
  readonly agent: string
  readonly platform: string
  readonly standing: string
  /** The scopes of the kill switch that stop it. */
  readonly revokedBy: readonly string[]
  readonly openedAt: string
  readonly lastSeenAt: string
}

const pageSchema = z.object({
  sessions: z.array(
    z.object({
      sessionId: z.string(),
      human: z.string(),
      agent: z.string(),
      platform: z.string(),
      standing: z.string(),
      revokedBy: z.array(z.string()),
      openedAt: z.string(),
      lastSeenAt: z.string(),
    }),
  ),
  next: z.int().optional(),
})

/** Every open session, as it opened. */
export const openSessions = async (identity: IdentityClient): Promise<readonly OpenSession[]> => {
  const found: OpenSession[] = []
  for (let next: number | undefined = -1; next !== undefined;) {
    const page: z.infer<typeof pageSchema> = await identity.ask({
      method: 'GET',
      path: `/sessions?after=${next}`,
      answer: pageSchema,
    })
    found.push(...page.sessions)
    next = page.next
  }
  return found
}
