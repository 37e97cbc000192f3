import { hash } from 'node:crypto'

import type { PublicKeyJwk } from '@cordon/policy'

/** The name of a key that nobody can give to another key (RFC 7638 §3). @returns SHA-256 in base64url */
export const jwkThumbprint = (jwk: PublicKeyJwk): string => hash('sha256', requiredMembers(jwk), 'base64url')

// The members and their order are the RFC's (§3.2 for EC, RFC 8037 §2 for OKP); whatever else a JWK has does not count.
const requiredMembers = (jwk: PublicKeyJwk): string =>
  jwk.kty === 'EC'
    ? JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y })
    : JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x })
