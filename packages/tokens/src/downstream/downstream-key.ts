import { randomBytes } from 'node:crypto'

import { openEd25519Key, seedBytes } from '../ed25519.ts'
import { thumbprintOf } from '../jwk-thumbprint.ts'
import type { EdDsaPublicJwk } from '../key-set.ts'
import { TokenError } from '../token-error.ts'

/** The engine's Ed25519 key. */
export interface DownstreamKey {
  /** RFC 7638 thumbprint of the public half. */
  readonly keyId: string
  /** What the deployment publishes for its tool servers. */
  readonly publicJwk: EdDsaPublicJwk
  sign(bytes: Buffer): Buffer
}

/** A new private key: 32 bytes, to be kept where nobody else reads them. */
export const generateDownstreamSecret = (): Buffer => randomBytes(seedBytes)

/**
 * @param secret 32 bytes: the private key of RFC 8032
 * @throws TokenError `DOWNSTREAM_KEY_INVALID`
 */
export const openDownstreamKey = (secret: Buffer): DownstreamKey => {
  if (secret.length !== seedBytes)
    throw new TokenError(
      'DOWNSTREAM_KEY_INVALID',
      `downstream key: expected ${seedBytes} bytes, got ${secret.length}`,
    )
  const key = openEd25519Key(secret)
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.publicKey.toString('base64url') } as const
  const keyId = thumbprintOf(jwk)
  return {
    keyId,
    publicJwk: { ...jwk, kid: keyId, alg: 'EdDSA', use: 'sig' },
    sign: bytes => key.sign(bytes),
  }
}
