import { createPublicKey, type KeyObject, verify } from 'node:crypto'

import { decodeBase64Url } from './compact-jws.ts'
import { isEd25519Signed, publicKeyBytes } from './ed25519.ts'
import type { HolderJwk } from './jwk-thumbprint.ts'

/** A public key that verifies by the one algorithm that its type has: no header chooses another. */
export interface VerificationKey {
  readonly algorithm: 'EdDSA' | 'ES256'
  verifies(message: Buffer, signature: Buffer): boolean
}

/** @returns `undefined` where the coordinates have a second spelling, or are of no point on the curve */
export const verificationKeyOf = (jwk: HolderJwk): VerificationKey | undefined =>
  jwk.kty === 'OKP' ? ed25519KeyOf(jwk.x) : es256KeyOf(jwk)

const ed25519KeyOf = (x: string): VerificationKey | undefined => {
  const publicKey = decodeBase64Url(x)
  if (publicKey?.length !== publicKeyBytes) return undefined
  return {
    algorithm: 'EdDSA',
    verifies: (message, signature) => isEd25519Signed(publicKey, message, signature),
  }
}

/** RFC 7518 §6.2.1.2: each coordinate has the full size of the curve. */
const coordinateBytes = 32
/** RFC 7518 §3.4. */
const signatureBytes = 64

const es256KeyOf = (jwk: Extract<HolderJwk, { kty: 'EC' }>): VerificationKey | undefined => {
  for (const coordinate of [jwk.x, jwk.y])
    if (decodeBase64Url(coordinate)?.length !== coordinateBytes) return undefined
  const key = importPoint(jwk)
  return key && es256Key(key)
}

const importPoint = ({ kty, crv, x, y }: Extract<HolderJwk, { kty: 'EC' }>): KeyObject | undefined => {
  try {
    return createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })
  } catch {
    // Of any two numbers most are no point.
    return undefined
  }
}

const es256Key = (key: KeyObject): VerificationKey => {
  const options = { key, dsaEncoding: 'ieee-p1363' } as const
  return {
    algorithm: 'ES256',
    verifies: (message, signature) =>
      signature.length === signatureBytes && verify('sha256', message, options, signature),
  }
}
