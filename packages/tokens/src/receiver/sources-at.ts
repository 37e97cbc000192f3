import { TokenError } from '../token-error.ts'
import type { ReceiverSources } from './receiver.ts'

/**
 * What identity publishes for tool servers, by its one URL.
 * @param identity the deployment's issuer: https, or http on loopback
 * @throws TokenError `IDENTITY_URL_INVALID`: whoever can change keys on their way can call tools
 */
export const sourcesAt = (identity: string): ReceiverSources => {
  const url = URL.parse(identity)
  const isTrustworthy =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.test(url.hostname))
  // Tokens name it to the letter.
  if (url === null || !isTrustworthy || url.origin !== identity)
    throw new TokenError(
      'IDENTITY_URL_INVALID',
      'receiver: expected identity as https://<host>, or http on loopback, without path and slash at the end, got another text',
    )
  return {
    issuer: `${identity}/engines`,
    keys: { url: `${identity}/engines/jwks.json` },
    statusList: {
      url: `${identity}/status/`,
      issuer: identity,
      keys: { url: `${identity}/.well-known/jwks.json` },
    },
  }
}

const loopback = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/
