import { z } from 'zod'

import type { HolderJwk } from './jwk-thumbprint.ts'
import { TokenError } from './token-error.ts'
import { type VerificationKey, verificationKeyOf } from './verification-key.ts'

/** The keys that a verifier trusts, by `kid`. A new set is a new object: the verifier forgets what the old one proved. */
export type KeySet = ReadonlyMap<string, VerificationKey>

/** A public key as it stands in a key set (RFC 7517, RFC 8037). */
export type PublicJwk = Es256PublicJwk | EdDsaPublicJwk

export type Es256PublicJwk = Extract<HolderJwk, { kty: 'EC' }> & {
  readonly kid: string
  readonly alg: 'ES256'
  readonly use: 'sig'
}

export type EdDsaPublicJwk = Extract<HolderJwk, { kty: 'OKP' }> & {
  readonly kid: string
  readonly alg: 'EdDSA'
  readonly use: 'sig'
}

const common = {
  x: z.string(),
  kid: z.string().min(1),
  use: z.literal('sig'),
  d: z.never({ error: 'a private key in a public set' }).optional(),
}

const jwkSchema = z.discriminatedUnion('kty', [
  z.object({
    ...common,
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    alg: z.literal('ES256'),
    y: z.string(),
  }),
  z.object({ ...common, kty: z.literal('OKP'), crv: z.literal('Ed25519'), alg: z.literal('EdDSA') }),
])

const keySetSchema = z.object({ keys: z.array(jwkSchema).min(1) })

/**
 * Reads a JWK set (RFC 7517 §5); several keys stand in it while one replaces another.
 * @throws TokenError `KEY_SET_INVALID` where it is empty, holds another kind of key, a private one, or one `kid` twice
 */
export const parseKeySet = (document: unknown): KeySet => {
  const parsed = keySetSchema.safeParse(document)
  if (!parsed.success) throw refused(z.prettifyError(parsed.error).replaceAll('\n', '; '))
  const keys = new Map<string, VerificationKey>()
  for (const jwk of parsed.data.keys) {
    if (keys.has(jwk.kid)) throw refused('the same kid twice')
    const key = verificationKeyOf(jwk)
    if (key === undefined) throw refused('coordinates of no point on the curve')
    keys.set(jwk.kid, key)
  }
  return keys
}

const refused = (got: string): TokenError =>
  new TokenError(
    'KEY_SET_INVALID',
    `key set: expected public ES256 and EdDSA keys with distinct kids, got ${got}`,
  )
