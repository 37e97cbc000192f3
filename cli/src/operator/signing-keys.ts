import { z } from 'zod'

import type { IdentityClient } from './identity-client.ts'

/** A key of session tokens that everybody may verify with. Times are ISO 8601. */
export interface SigningKey {
  readonly keyId: string
  readonly turn: 'former' | 'signing' | 'next'
  readonly signsFrom: string
  /** Absent: none takes over from it yet. */
  readonly publishedUntil?: string | undefined
}

/** What came of asking for the next key. */
export interface Rotation {
  /** `false`: one stands by already. */
  readonly isMade: boolean
  /** Those that are published, as they take turns. */
  readonly keys: readonly SigningKey[]
}

const rotationSchema = z.object({
  isMade: z.boolean(),
  keys: z.array(
    z.object({
      keyId: z.string(),
      turn: z.enum(['former', 'signing', 'next']),
      signsFrom: z.string(),
      publishedUntil: z.string().optional(),
    }),
  ),
})

/** Has the next signing key of tokens made. */
export const rotateKeys = async (identity: IdentityClient): Promise<Rotation> =>
  identity.ask({ method: 'POST', path: '/keys/rotate', answer: rotationSchema })
