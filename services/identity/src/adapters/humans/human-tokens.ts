import type { IdentityPolicy } from '@cordon/policy'
import { parseCompactJws, parseStrictJsonObject } from '@cordon/tokens'

import type { IdTokenClaims } from '../../core/humans/human-of.ts'
import type { IdTokenFault } from '../../core/humans/judge-id-token.ts'
import type { RefusalCode } from '../../core/refusal.ts'
import type { basisOfHuman, HumanBasis } from '../../core/subject-basis.ts'
import type { HumanTokens } from '../../ports.ts'
import type { IdTokenVerifier } from './id-token-verifier.ts'

/** Humans of the bundle's providers; of the embedded one it can be asked whether they are still signed in. */
export const createHumanTokens = (options: {
  readonly verifier: IdTokenVerifier
  /** `undefined` where there is none. */
  readonly embedded:
    { readonly issuer: string; isSignedIn(subject: string, session: string): Promise<boolean> } | undefined
  /** `sub` at the provider of a human. */
  readonly subjectOf: (issuer: string, human: string) => string
  /** What decides what is kept of claims, handed in. */
  readonly rules: { readonly basisOfHuman: typeof basisOfHuman }
}): HumanTokens => {
  /** The token was verified, by one of these providers. */
  const basisOf = (text: string, providers: IdentityPolicy['providers']): HumanBasis => {
    const payload = parseCompactJws(text)?.payload.toString('utf8') ?? ''
    const claims = (parseStrictJsonObject(payload) ?? {}) as unknown as IdTokenClaims
    const provider = providers[claims.iss]
    if (provider === undefined) throw new Error('ID token: expected one that was verified, got another')
    return options.rules.basisOfHuman(claims, clientOf(claims), provider)
  }

  return {
    verify: async (text, providers) => {
      const verified = await options.verifier.verify(text, providers)
      if (verified.ok) return { ok: true, value: basisOf(text, providers) }
      const { fault, message } = verified
      return {
        ok: false,
        refusal: { code: codes[fault] ?? 'SUBJECT_REFUSED', message: `subject_token: ${message}` },
      }
    },
    isSignedIn: async ({ vouchedBy, human, humanSession }) => {
      const { embedded } = options
      if (vouchedBy.kind !== 'provider' || vouchedBy.name !== embedded?.issuer || humanSession === null)
        return true
      return embedded.isSignedIn(options.subjectOf(vouchedBy.name, human), humanSession)
    },
  }
}

const codes: Partial<Readonly<Record<IdTokenFault, RefusalCode>>> = {
  ID_TOKEN_KEYS_UNAVAILABLE: 'PROVIDER_UNAVAILABLE',
  ID_TOKEN_ROLE_MISSING: 'ROLE_UNKNOWN',
}

/** It was verified: each audience is one of Cordon's clients, and where there are several `azp` says which. */
const clientOf = ({ aud, azp }: IdTokenClaims): string => {
  if (typeof azp === 'string') return azp
  return String(Array.isArray(aud) ? aud[0] : aud)
}
