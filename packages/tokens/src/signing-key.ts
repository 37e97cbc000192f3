import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'

import { calculateJwkThumbprint, exportJWK } from 'jose'

import type { Es256PublicJwk } from './key-set.ts'
import { TokenError } from './token-error.ts'

/** The issuer's ES256 key. */
export interface SigningKey {
  readonly privateKey: KeyObject
  /** RFC 7638 thumbprint of the public half: a name that nobody can give to another key. */
  readonly keyId: string
  /** What the issuer publishes. */
  readonly publicJwk: Es256PublicJwk
}

/** A new P-256 private key as PKCS #8 PEM. */
export const generateSigningKeyPem = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()

/** @throws TokenError `SIGNING_KEY_INVALID` */
export const openSigningKey = async (pem: string): Promise<SigningKey> => {
  const privateKey = parsePrivateKey(pem)
  const { x, y } = await exportJWK(createPublicKey(privateKey))
  if (x === undefined || y === undefined) throw refused('a key without coordinates')
  const keyId = await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x, y })
  return {
    privateKey,
    keyId,
    publicJwk: { kty: 'EC', crv: 'P-256', x, y, kid: keyId, alg: 'ES256', use: 'sig' },
  }
}

const parsePrivateKey = (pem: string): KeyObject => {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch (cause) {
    throw refused('text that is none', cause)
  }
  // OpenSSL's name for P-256.
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key
  throw refused(key.asymmetricKeyType ?? 'another key')
}

const refused = (got: string, cause?: unknown): TokenError =>
  new TokenError('SIGNING_KEY_INVALID', `signing key: expected a P-256 private key in PEM, got ${got}`, {
    cause,
  })
