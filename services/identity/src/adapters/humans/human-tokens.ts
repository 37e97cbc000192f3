import { parseCompactJws, parseStrictJsonObject } from '@cordon/tokens'

import type { IdTokenFault } from '../../core/humans/judge-id-token.ts'
import type { RefusalCode } from '../../core/refusal.ts'
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
}): HumanTokens => ({
  verify: async (text, providers) => {
    const verified = await options.verifier.verify(text, providers)
    if (verified.ok) return { ok: true, value: { human: verified.human, client: clientOf(text) } }
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
})

const codes: Partial<Readonly<Record<IdTokenFault, RefusalCode>>> = {
  ID_TOKEN_KEYS_UNAVAILABLE: 'PROVIDER_UNAVAILABLE',
  ID_TOKEN_ROLE_MISSING: 'ROLE_UNKNOWN',
}

/** It was verified: each audience is one of Cordon's clients, and where there are several `azp` says which. */
const clientOf = (text: string): string => {
  const payload = parseCompactJws(text)?.payload.toString('utf8') ?? ''
  const { aud, azp } = parseStrictJsonObject(payload) ?? {}
  if (typeof azp === 'string') return azp
  return String(Array.isArray(aud) ? aud[0] : aud)
}
