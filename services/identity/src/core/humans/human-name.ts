import type { IdentityProvider } from '@cordon/policy'

/**
 * What Cordon calls a human. Providers choose `sub` without knowing of each other (OIDC Core §2), so where there are several
 * the bundle gives each a prefix: `alice` of one is not `alice` of another.
 */
export const humanNameOf = (
  provider: Pick<IdentityProvider, 'prefix'> | undefined,
  subject: string,
): string => (provider?.prefix ?? '') + subject

/** The `sub` of a human at the provider that vouches for them. */
export const subjectOfName = (
  provider: Pick<IdentityProvider, 'prefix'> | undefined,
  human: string,
): string => human.slice(provider?.prefix?.length ?? 0)
