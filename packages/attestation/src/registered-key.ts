import { createPublicKey, type KeyObject } from 'node:crypto'

import type { PublicKeyJwk } from '@cordon/policy'

import { jwkThumbprint } from './jwk-thumbprint.ts'

/** Keys by RFC 7638 thumbprint. */
export type RegisteredKeys = ReadonlyMap<string, KeyObject>

/** Parties of the bundle, by the name that `iss` has. */
export type Registered = Readonly<Record<string, { readonly key: PublicKeyJwk }>>

// Reading a key costs as much as verifying with it. A new bundle is a new object.
const known = new WeakMap<Registered, RegisteredKeys>()

export const registeredKeys = (parties: Registered): RegisteredKeys => {
  const before = known.get(parties)
  if (before !== undefined) return before
  const keys = new Map<string, KeyObject>()
  for (const { key: jwk } of Object.values(parties)) {
    const key = importKey(jwk)
    if (key !== undefined) keys.set(jwkThumbprint(jwk), key)
  }
  known.set(parties, keys)
  return keys
}

/** @returns the party of that name, where it signed with the key that it is registered with */
export const signingParty = <Party extends { readonly key: PublicKeyJwk }>(
  parties: Readonly<Record<string, Party>>,
  name: string,
  keyId: string,
): Party | undefined => {
  const party = Object.hasOwn(parties, name) ? parties[name] : undefined
  return party !== undefined && jwkThumbprint(party.key) === keyId ? party : undefined
}

/** @returns `undefined` where the coordinates are of no point on the curve: nothing verifies with such a key */
export const importKey = (jwk: PublicKeyJwk): KeyObject | undefined => {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch {
    // OpenSSL says no more than that it is none.
    return undefined
  }
}
