import type { IdentityProvider } from '@cordon/policy'

/** The public client of the agent's side: a program on the human's own machine, without a secret. */
export const connectClientId = 'cordon-connect'

/** `iss` of the embedded provider of an identity service. */
export const embeddedIssuerOf = (issuer: string): string => `${issuer.replace(/\/$/, '')}/oidc`

/**
 * The bundle's entry for the embedded provider: `providers[embeddedIssuerOf(issuer)]`.
 * @param mapping what its humans are called, and what their claims `sub`, `email` and `groups` mean here
 */
export const embeddedProviderEntry = (
  issuer: string,
  mapping: Pick<IdentityProvider, 'prefix' | 'directAudiences' | 'roles' | 'entitlements' | 'clearances'>,
): IdentityProvider => ({
  audiences: [connectClientId],
  ...(mapping.prefix !== undefined && { prefix: mapping.prefix }),
  ...(mapping.directAudiences !== undefined && { directAudiences: mapping.directAudiences }),
  jwksUri: `${embeddedIssuerOf(issuer)}/jwks`,
  algorithms: ['ES256'],
  roles: mapping.roles,
  entitlements: mapping.entitlements,
  clearances: mapping.clearances,
})
