import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

import type { PublicKeyJwk } from '@cordon/policy'
import { thumbprintOf } from '@cordon/tokens'

import { AttestationError } from './attestation-error.ts'
import { publicKeySchema } from './public-key-schema.ts'

/** A private key that vouches: an attester's, a sponsor's or a builder's. */
export interface VoucherKey {
  readonly algorithm: 'EdDSA' | 'ES256'
  /** RFC 7638 thumbprint of the public half. */
  readonly keyId: string
  /** What is registered in the bundle. */
  readonly publicJwk: PublicKeyJwk
  sign(bytes: Buffer): Buffer
}

/** A new Ed25519 private key as PKCS #8 PEM. */
export const generateVoucherKeyPem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/**
 * @param pem an Ed25519 or P-256 private key
 * @throws AttestationError `VOUCHER_KEY_INVALID`
 */
export const openVoucherKey = (pem: string): VoucherKey => {
  const privateKey = parsePrivateKey(pem)
  const parsed = publicKeySchema.safeParse(createPublicKey(privateKey).export({ format: 'jwk' }))
  if (!parsed.success) throw refused(privateKey.asymmetricKeyType ?? 'another key')
  const publicJwk = parsed.data
  return {
    algorithm: publicJwk.kty === 'OKP' ? 'EdDSA' : 'ES256',
    keyId: thumbprintOf(publicJwk),
    publicJwk,
    sign: bytes =>
      publicJwk.kty === 'OKP'
        ? sign(null, bytes, privateKey)
        : sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  }
}

const parsePrivateKey = (pem: string): KeyObject => {
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    throw refused('text that is none', cause)
  }
}

const refused = (got: string, cause?: unknown): AttestationError =>
  new AttestationError(
    'VOUCHER_KEY_INVALID',
    `voucher key: expected an Ed25519 or P-256 private key in PEM, got ${got}`,
    { cause },
  )
