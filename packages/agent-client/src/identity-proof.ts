import { hash } from 'node:crypto'

import { uuidV7 } from '@cordon/foundation'
import { compactJws, type HolderKey } from '@cordon/tokens'

/**
 * Proves at the identity service who holds the key (RFC 9449 §5). Good for one request.
 * @param url without query and fragment
 * @param now milliseconds since the Unix epoch
 * @param tokenText the session token that is shown with it, where one is
 */
export const signIdentityProof = (key: HolderKey, url: string, now: number, tokenText?: string): string => {
  const header = { typ: 'dpop+jwt', alg: key.algorithm, jwk: key.publicJwk }
  const claims = {
    jti: uuidV7(now),
    htm: 'POST',
    htu: url,
    iat: Math.floor(now / 1000),
    ...(tokenText !== undefined && { ath: hash('sha256', tokenText, 'base64url') }),
  }
  return compactJws(header, claims, bytes => key.sign(bytes))
}
