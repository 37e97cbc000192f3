import { z } from 'zod'

import { compactJws, decodeBase64Url, parseCompactJws } from '../compact-jws.ts'
import { publicKeyBytes } from '../ed25519.ts'
import { thumbprintOf } from '../jwk-thumbprint.ts'
import type { EdDsaPublicJwk, KeySet } from '../key-set.ts'
import { parseStrictJsonObject } from '../strict-json.ts'
import type { DownstreamKey } from './downstream-key.ts'

/** What an engine says of the keys that it signs downstream tokens with, for everybody who verifies them. */
export interface EngineKeys {
  /** Milliseconds since the Unix epoch, whole seconds. */
  readonly issuedAt: number
  /** `until`: when nothing that it signed counts any more. Milliseconds since the Unix epoch, whole seconds. */
  readonly keys: readonly { readonly jwk: EdDsaPublicJwk; readonly until: number }[]
}

export type EngineKeysVerification =
  | { readonly ok: true; readonly announcer: string; readonly said: EngineKeys }
  | { readonly ok: false; readonly reason: 'NOT_A_STATEMENT' | 'ANNOUNCER_UNKNOWN' | 'SIGNATURE_WRONG' }

/** The former one, the present one, the next one, and one to spare. */
const maxAnnouncedKeys = 4

const type = 'cordon-engine-keys+jwt'
const algorithm = 'EdDSA'
const maxCharacters = 4 * 1024

const seconds = z.int().positive()
const claimsSchema = z.strictObject({
  iss: z.string(),
  aud: z.string(),
  iat: seconds,
  keys: z
    .array(z.strictObject({ x: z.string(), until: seconds }))
    .min(1)
    .max(maxAnnouncedKeys),
})

/**
 * A JWS in compact form.
 * @param announcer the engine's own key, which the bundle names; it signs nothing else
 * @param issuer of the deployment
 */
export const signEngineKeys = (
  announcer: DownstreamKey,
  issuer: string,
  { issuedAt, keys }: EngineKeys,
): string =>
  compactJws(
    { typ: type, alg: algorithm, kid: announcer.keyId },
    {
      iss: `${issuer}/engines`,
      aud: issuer,
      iat: Math.floor(issuedAt / 1000),
      keys: keys.map(({ jwk, until }) => ({ x: jwk.x, until: Math.floor(until / 1000) })),
    },
    bytes => announcer.sign(bytes),
  )

/** @param announcers the engines' own keys, by thumbprint. Whether it is recent is for the caller to see. */
export const verifyEngineKeys = (
  statement: string,
  { issuer, announcers }: { readonly issuer: string; readonly announcers: KeySet },
): EngineKeysVerification => {
  const jws = statement.length > maxCharacters ? undefined : parseCompactJws(statement)
  if (jws === undefined) return { ok: false, reason: 'NOT_A_STATEMENT' }
  const { typ, alg, kid, ...others } = jws.header
  if (typ !== type || alg !== algorithm || typeof kid !== 'string' || Object.keys(others).length > 0)
    return { ok: false, reason: 'NOT_A_STATEMENT' }
  const key = announcers.get(kid)
  if (key === undefined || key.algorithm !== algorithm) return { ok: false, reason: 'ANNOUNCER_UNKNOWN' }
  if (!key.verifies(jws.signed, jws.signature)) return { ok: false, reason: 'SIGNATURE_WRONG' }
  const claims = claimsSchema.safeParse(parseStrictJsonObject(jws.payload.toString('utf8')))
  if (!claims.success || claims.data.iss !== `${issuer}/engines` || claims.data.aud !== issuer)
    return { ok: false, reason: 'NOT_A_STATEMENT' }
  const { iat, keys } = claims.data
  if (keys.some(({ x }) => decodeBase64Url(x)?.length !== publicKeyBytes))
    return { ok: false, reason: 'NOT_A_STATEMENT' }
  return {
    ok: true,
    announcer: kid,
    said: {
      issuedAt: iat * 1000,
      keys: keys.map(({ x, until }) => ({ jwk: engineJwkOf(x), until: until * 1000 })),
    },
  }
}

/** As it is published: named by its thumbprint, which nobody can give to another key. @param x 32 bytes in base64url */
export const engineJwkOf = (x: string): EdDsaPublicJwk => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x } as const
  return { ...jwk, kid: thumbprintOf(jwk), alg: 'EdDSA', use: 'sig' }
}
