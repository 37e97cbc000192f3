import { sign } from 'node:crypto'

import { z } from 'zod'

import { compactJws, parseCompactJws } from '../compact-jws.ts'
import type { KeySet } from '../key-set.ts'
import { hasLowS, withLowS } from '../low-s.ts'
import type { SigningKey } from '../signing-key.ts'
import { parseStrictJsonObject } from '../strict-json.ts'

/** Whether a scope is revoked. */
export interface RevocationStatement {
  /** `<kind>:<id>`; kind is agent, human, platform, tool, session, grant or everything. */
  readonly scope: string
  /** False where the scope may act again. */
  readonly active: boolean
  /** Of two statements about a scope the higher one counts. */
  readonly version: number
  /** Milliseconds since the Unix epoch, whole seconds. */
  readonly issuedAt: number
  /** Who asked for it. */
  readonly by: string
  readonly reason: string
}

/** `unknown-key`: it may be authentic, where the issuer has a newer key than those that are held. */
export type RevocationVerification = RevocationStatement | 'unknown-key' | 'forged'

const type = 'cordon-revocation+jwt'
const algorithm = 'ES256'
/** A scope and a sentence. */
const maxCharacters = 8 * 1024

const text = z.string().min(1).max(1024)
const claimsSchema = z.strictObject({
  iss: text,
  scope: text,
  active: z.boolean(),
  version: z.int().nonnegative(),
  iat: z.int().positive(),
  by: text,
  reason: z.string().max(1024),
})

/** In compact form. */
export const signRevocation = (
  { privateKey, keyId }: SigningKey,
  issuer: string,
  { scope, active, version, issuedAt, by, reason }: RevocationStatement,
): string =>
  compactJws(
    { typ: type, alg: algorithm, kid: keyId },
    { iss: issuer, scope, active, version, iat: Math.floor(issuedAt / 1000), by, reason },
    bytes => withLowS(sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
  )

/** A statement has no end: it holds until a higher one about its scope. */
export const verifyRevocation = (
  statement: string,
  { issuer, keys }: { readonly issuer: string; readonly keys: KeySet },
): RevocationVerification => {
  const jws = statement.length > maxCharacters ? undefined : parseCompactJws(statement)
  if (jws === undefined) return 'forged'
  const { typ, alg, kid, ...others } = jws.header
  if (typ !== type || alg !== algorithm || typeof kid !== 'string' || Object.keys(others).length > 0)
    return 'forged'
  const key = keys.get(kid)
  if (key === undefined) return 'unknown-key'
  if (key.algorithm !== algorithm || !key.verifies(jws.signed, jws.signature) || !hasLowS(jws.signature))
    return 'forged'
  const claims = claimsSchema.safeParse(parseStrictJsonObject(jws.payload.toString('utf8')))
  if (!claims.success || claims.data.iss !== issuer) return 'forged'
  const { scope, active, version, iat, by, reason } = claims.data
  return { scope, active, version, issuedAt: iat * 1000, by, reason }
}
