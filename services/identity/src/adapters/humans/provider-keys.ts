import { readBounded } from '@cordon/foundation'
import type { IdentityProvider } from '@cordon/policy'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type JWSHeaderParameters,
  type JWTVerifyGetKey,
} from 'jose'

/** The keys of OpenID providers: from the bundle, or fetched, kept for a while, and fetched again for a key id that is new. */
export interface ProviderKeys {
  /** @throws Error where its address is not https, nor http on this machine */
  of(issuer: string, provider: IdentityProvider): JWTVerifyGetKey
}

/** A provider that rotates without notice is noticed by the new key id; one that removes a key, after this long. */
const cacheMs = 10 * 60_000
/** Whoever makes up key ids must not make us ask more often. */
const cooldownMs = 30_000
const timeoutMs = 5000
/** A hundred RSA keys. */
const maxBytes = 64 * 1024

/**
 * @param own key sets of providers that run in this process, by issuer: asked for at each verification
 */
export const createProviderKeys = (
  own: Readonly<Record<string, () => { readonly keys: readonly object[] }>> = {},
  fetchKeys: typeof fetch = fetch,
): ProviderKeys => {
  const remote = new Map<string, JWTVerifyGetKey>()
  const local = new WeakMap<object, JWTVerifyGetKey>()

  const fetched = (uri: string): JWTVerifyGetKey => {
    const known = remote.get(uri)
    if (known !== undefined) return known
    const url = new URL(uri)
    requirePrivateWay(url)
    const made = createRemoteJWKSet(url, {
      cacheMaxAge: cacheMs,
      cooldownDuration: cooldownMs,
      timeoutDuration: timeoutMs,
      [customFetch]: async (address, options) => bounded(await fetchKeys(address, options)),
    })
    remote.set(uri, made)
    return made
  }

  const given = (keys: { readonly keys: readonly object[] }): JWTVerifyGetKey => {
    const known = local.get(keys)
    if (known !== undefined) return known
    const made = createLocalJWKSet({ keys: keys.keys.map(key => ({ ...key })) as { kty: string }[] })
    local.set(keys, made)
    return made
  }

  return {
    of: (issuer, provider) => {
      const ownKeys = Object.hasOwn(own, issuer) ? own[issuer] : undefined
      if (ownKeys !== undefined) return given(ownKeys())
      if (provider.jwks !== undefined) return given(provider.jwks)
      if (provider.jwksUri !== undefined) return fetched(provider.jwksUri)
      return async (_header: JWSHeaderParameters) => {
        throw new Error('provider: expected jwks or jwksUri, got neither')
      }
    },
  }
}

const requirePrivateWay = ({ protocol, hostname }: URL): void => {
  const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
  if (protocol === 'https:' || (protocol === 'http:' && isHere)) return
  throw new Error(`jwksUri: expected https, or http on this machine, got ${protocol}//${hostname}`)
}

// Read here with a bound; what is longer is no key set of anybody.
const bounded = async (response: Response): Promise<Response> => {
  if (response.body === null) return response
  const text = await readBounded(response.body, maxBytes, problem => new Error(`key set: ${problem}`))
  return new Response(text, { status: response.status, headers: response.headers })
}
