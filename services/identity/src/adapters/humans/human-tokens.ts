import { parseCompactJws, parseStrictJsonObject } from '@cordon/tokens'

import type { Human } from '../../core/humans/human-of.ts'
import type { IdTokenFault } from '../../core/humans/judge-id-token.ts'
import type { RefusalCode } from '../../core/refusal.ts'
import type { HumanTokens } from '../../ports.ts'
import type { IdTokenVerifier } from './id-token-verifier.ts'

/** Humans of the bundle's providers, as sessions ask for them. */
export const createHumanTokens = (humans: {
  readonly verifier: IdTokenVerifier
  isSignedIn(human: Pick<Human, 'issuer' | 'human' | 'humanSession'>): Promise<boolean>
}): HumanTokens => ({
  verify: async (text, providers) => {
    const verified = await humans.verifier.verify(text, providers)
    if (verified.ok) return { ok: true, value: { human: verified.human, client: clientOf(text) } }
    const { fault, message } = verified
    return {
      ok: false,
      refusal: { code: codes[fault] ?? 'SUBJECT_REFUSED', message: `subject_token: ${message}` },
    }
  },
  isSignedIn: async ({ vouchedBy, human, humanSession }) =>
    vouchedBy.kind === 'sponsor' ||
    humans.isSignedIn({
      issuer: vouchedBy.name,
      human,
      ...(humanSession !== null && { humanSession }),
    }),
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
