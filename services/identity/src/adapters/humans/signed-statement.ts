import type { IdentityProvider } from '@cordon/policy'
import { parseStrictJsonObject } from '@cordon/tokens'
import { compactVerify, errors } from 'jose'

import type { ProviderKeys } from './provider-keys.ts'

/** What a provider signed, read strictly: each member name once. */
export interface SignedStatement {
  readonly issuer: string
  readonly provider: IdentityProvider
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

export type StatementFault = 'malformed' | 'issuer unknown' | 'keys unavailable' | 'forged'

/** Sixteen times an ID token with fifty groups is not longer. */
const maxCharacters = 32 * 1024

/**
 * Verifies the signature of a JWT by the keys and algorithms of the provider that it names as `iss`. What it says is judged by whoever
 * asked for it: nothing but signature, form and issuer is checked here.
 */
export const readSignedStatement = async (
  text: string,
  providers: Readonly<Record<string, IdentityProvider>>,
  keys: ProviderKeys,
): Promise<SignedStatement | StatementFault> => {
  if (text.length > maxCharacters) return 'malformed'
  const [head, body, signature, ...rest] = text.split('.')
  if (signature === undefined || rest.length > 0) return 'malformed'
  const header = parsePart(head)
  const claims = parsePart(body)
  if (header === undefined || claims === undefined) return 'malformed'
  const issuer = claims['iss']
  if (typeof issuer !== 'string' || !Object.hasOwn(providers, issuer)) return 'issuer unknown'
  const provider = providers[issuer]
  if (provider === undefined) return 'issuer unknown'
  try {
    await compactVerify(text, keys.of(issuer, provider), { algorithms: [...provider.algorithms] })
  } catch (error) {
    return isUnavailable(error) ? 'keys unavailable' : 'forged'
  }
  return { issuer, provider, header, claims }
}

// Base64url has second spellings, which Node's decoder passes over; signed is what is encoded, so the text must be the only one.
const parsePart = (part: string | undefined): Readonly<Record<string, unknown>> | undefined => {
  const bytes = Buffer.from(part ?? '', 'base64url')
  return bytes.length > 0 && bytes.toString('base64url') === part
    ? parseStrictJsonObject(bytes.toString('utf8'))
    : undefined
}

// A provider that does not answer is a fault to try again; everything else is the token's.
const isUnavailable = (error: unknown): boolean =>
  !(error instanceof errors.JOSEError) ||
  error instanceof errors.JWKSTimeout ||
  error instanceof errors.JWKSInvalid ||
  error.code === 'ERR_JOSE_GENERIC'
