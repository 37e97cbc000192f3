import { randomBytes } from 'node:crypto'

import { openEd25519Key, seedBytes } from '../ed25519.ts'
import type { EdDsaPublicJwk } from '../key-set.ts'
import { TokenError } from '../token-error.ts'
import { engineJwkOf } from './engine-keys.ts'

/** An Ed25519 key of an engine: its own, which the bundle names, or one that signs downstream tokens. */
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
  const publicJwk = engineJwkOf(key.publicKey.toString('base64url'))
  return { keyId: publicJwk.kid, publicJwk, sign: bytes => key.sign(bytes) }
}
