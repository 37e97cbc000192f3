import type { PublicKeyJwk } from '@cordon/policy'
import { thumbprintOf, type VerificationKey, verificationKeyOf } from '@cordon/tokens'

/** Parties of the bundle, by the name that `iss` has. */
export type Registered = Readonly<Record<string, { readonly key: PublicKeyJwk }>>

// Reading a P-256 key costs as much as verifying with it. A new bundle is new objects.
const knownKeys = new WeakMap<PublicKeyJwk, VerificationKey>()
const knownParties = new WeakMap<Registered, ReadonlyMap<string, VerificationKey>>()

/** @returns `undefined` where the coordinates are of no point on the curve: nothing verifies with such a key */
export const registeredKey = (jwk: PublicKeyJwk): VerificationKey | undefined => {
  const key = knownKeys.get(jwk) ?? verificationKeyOf(jwk)
  if (key !== undefined) knownKeys.set(jwk, key)
  return key
}

/** The keys of all of them, by RFC 7638 thumbprint. */
export const registeredKeys = (parties: Registered): ReadonlyMap<string, VerificationKey> => {
  const before = knownParties.get(parties)
  if (before !== undefined) return before
  const keys = new Map<string, VerificationKey>()
  for (const { key: jwk } of Object.values(parties)) {
    const key = registeredKey(jwk)
    if (key !== undefined) keys.set(thumbprintOf(jwk), key)
  }
  knownParties.set(parties, keys)
  return keys
}

/** @returns the party of that name, where it signed with the key that it is registered with */
export const signingParty = <Party extends { readonly key: PublicKeyJwk }>(
  parties: Readonly<Record<string, Party>>,
  name: string,
  keyId: string,
): Party | undefined => {
  const party = Object.hasOwn(parties, name) ? parties[name] : undefined
  return party !== undefined && thumbprintOf(party.key) === keyId ? party : undefined
}
