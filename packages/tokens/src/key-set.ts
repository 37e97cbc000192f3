import { createPublicKey, type KeyObject } from 'node:crypto'

import { z } from 'zod'

import { TokenError } from './token-error.ts'

/** The keys that a verifier trusts, by `kid`. A new set is a new object: the verifier forgets what the old one proved. */
export type KeySet = ReadonlyMap<string, KeyObject>

/** A public ES256 key as it stands in a key set (RFC 7517). */
export interface PublicJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  readonly kid: string
  readonly alg: 'ES256'
  readonly use: 'sig'
}

const jwkSchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  kid: z.string().min(1),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
  d: z.never({ error: 'a private key in a public set' }).optional(),
})

const keySetSchema = z.object({ keys: z.array(jwkSchema).min(1) })

/**
 * Reads a JWK set (RFC 7517 §5).
 * @throws TokenError `KEY_SET_INVALID` where it is empty, holds another kind of key, a private one, or one `kid` twice
 */
export const parseKeySet = (document: unknown): KeySet => {
  const parsed = keySetSchema.safeParse(document)
  if (!parsed.success) throw refused(z.prettifyError(parsed.error).replaceAll('\n', '; '))
  const keys = new Map<string, KeyObject>()
  for (const jwk of parsed.data.keys) {
    if (keys.has(jwk.kid)) throw refused('the same kid twice')
    keys.set(jwk.kid, importKey({ kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }))
  }
  return keys
}

const importKey = (key: Pick<PublicJwk, 'kty' | 'crv' | 'x' | 'y'>): KeyObject => {
  try {
    return createPublicKey({ key, format: 'jwk' })
  } catch (cause) {
    throw refused('coordinates of no point on the curve', cause)
  }
}

const refused = (got: string, cause?: unknown): TokenError =>
  new TokenError('KEY_SET_INVALID', `key set: expected public ES256 keys with distinct kids, got ${got}`, {
    cause,
  })
