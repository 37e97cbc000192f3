import type { DsseEnvelope, PublicKeyJwk } from '@cordon/policy'

import { openEnvelope } from './dsse.ts'
import { builtDigests, statementPayloadType } from './in-toto-statement.ts'

/** Base64 characters; a bound of the work that a bundle can cause. */
const maxPayloadCharacters = 256 * 1024

/**
 * Whether somebody trusted to build vouches for that code.
 * @param envelopes `provenance` of the manifest
 * @param buildKeys of the bundle
 * @param codeDigest SHA-256 of the code that runs, hexadecimal
 */
export const verifyProvenance = (
  envelopes: readonly DsseEnvelope[],
  buildKeys: Readonly<Record<string, PublicKeyJwk>>,
  codeDigest: string,
): boolean => envelopes.some(envelope => digestsOf(envelope, buildKeys).includes(codeDigest))

// Asked at each exchange and each renewal, and the same as long as the bundle is.
const vouched = new WeakMap<
  DsseEnvelope,
  { readonly buildKeys: object; readonly digests: readonly string[] }
>()

const digestsOf = (
  envelope: DsseEnvelope,
  buildKeys: Readonly<Record<string, PublicKeyJwk>>,
): readonly string[] => {
  const before = vouched.get(envelope)
  if (before?.buildKeys === buildKeys) return before.digests
  const digests = verifiedDigestsOf(envelope, buildKeys)
  vouched.set(envelope, { buildKeys, digests })
  return digests
}

const verifiedDigestsOf = (
  envelope: DsseEnvelope,
  buildKeys: Readonly<Record<string, PublicKeyJwk>>,
): readonly string[] => {
  if (envelope.payloadType !== statementPayloadType) return []
  if (envelope.payload.length > maxPayloadCharacters) return []
  const payload = openEnvelope(envelope, name =>
    Object.hasOwn(buildKeys, name) ? buildKeys[name] : undefined,
  )
  return payload === undefined ? [] : builtDigests(payload)
}
