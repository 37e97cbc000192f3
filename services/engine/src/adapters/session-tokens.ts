import type { TokenVerification } from '@cordon/tokens'
import { createTokenVerifier } from '@cordon/tokens'

import type { SessionTokens } from '../ports.ts'
import type { HttpKeySet } from './http-key-set.ts'

/** Tokens of one issuer. The network is asked only where a token names a key that is not held, and rarely even then. */
export const createSessionTokens = (
  issuer: string,
  keySet: Pick<HttpKeySet, 'current' | 'refresh'>,
): SessionTokens => {
  const verifier = createTokenVerifier({ issuer, keys: () => keySet.current() })

  const isKeyMissing = (verification: TokenVerification): boolean =>
    !verification.ok && verification.reason === 'KEY_UNKNOWN'

  return {
    verify(token, server, now) {
      const verification = verifier.verify(token, server, now)
      const refreshed = isKeyMissing(verification) ? keySet.refresh() : undefined
      return refreshed === undefined
        ? verification
        : refreshed.then(() => verifier.verify(token, server, now))
    },
  }
}
