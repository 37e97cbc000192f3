import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto'

import { openEd25519Key, seedBytes } from '../ed25519.ts'
import { type HolderJwk, thumbprintOf } from '../jwk-thumbprint.ts'
import { withLowS } from '../low-s.ts'
import { TokenError } from '../token-error.ts'

/** The private key that a session's tokens are bound to; it proves every use of them. */
export interface HolderKey {
  readonly algorithm: 'EdDSA' | 'ES256'
  /** `cnf.jkt` of the tokens. */
  readonly thumbprint: string
  readonly publicJwk: HolderJwk
  sign(bytes: Buffer): Buffer
}

/** A new Ed25519 key that lives in this process only. */
export const generateHolderKey = (): HolderKey => openHolderKey(randomBytes(seedBytes))

/**
 * @param secret 32 bytes: the private key of RFC 8032
 * @throws TokenError `HOLDER_KEY_INVALID`
 */
export const openHolderKey = (secret: Buffer): HolderKey => {
  if (secret.length !== seedBytes) throw refused(`${seedBytes} bytes`, `${secret.length}`)
  const key = openEd25519Key(secret)
  const publicJwk = { kty: 'OKP', crv: 'Ed25519', x: key.publicKey.toString('base64url') } as const
  return {
    algorithm: 'EdDSA',
    thumbprint: thumbprintOf(publicJwk),
    publicJwk,
    sign: bytes => key.sign(bytes),
  }
}

/**
 * For keys of hardware and browsers, which know P-256 only.
 * @throws TokenError `HOLDER_KEY_INVALID`
 */
export const holderKeyOf = (privateKey: KeyObject): HolderKey => {
  // OpenSSL's name for P-256.
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw refused('a P-256 private key', privateKey.asymmetricKeyType ?? 'another key')
  const { x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  const publicJwk = { kty: 'EC', crv: 'P-256', x, y } as const
  return {
    algorithm: 'ES256',
    thumbprint: thumbprintOf(publicJwk),
    publicJwk,
    sign: bytes => withLowS(sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
  }
}

const refused = (expected: string, got: string): TokenError =>
  new TokenError('HOLDER_KEY_INVALID', `holder key: expected ${expected}, got ${got}`)
