import { z } from 'zod'

import type { IdentityClient } from './identity-client.ts'

/**
 * Has the next signing key of tokens made.
 * @returns the ids of those that are published
 */
export const rotateKeys = async (identity: IdentityClient): Promise<readonly string[]> => {
  const { keys } = await identity.ask({
    method: 'POST',
    path: '/keys/rotate',
    answer: z.object({ keys: z.array(z.string()) }),
  })
  return keys
}
