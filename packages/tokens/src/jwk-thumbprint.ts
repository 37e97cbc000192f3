import { hash } from 'node:crypto'

/** The members of a public key that tell it from others (RFC 7638 §3.2, RFC 8037 §2). */
export type HolderJwk =
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }

/** RFC 7638 with SHA-256, in base64url: members in order of their names, no space. */
export const thumbprintOf = (jwk: HolderJwk): string => {
  const members =
    jwk.kty === 'OKP'
      ? { crv: jwk.crv, kty: jwk.kty, x: jwk.x }
      : { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }
  return hash('sha256', JSON.stringify(members), 'base64url')
}
