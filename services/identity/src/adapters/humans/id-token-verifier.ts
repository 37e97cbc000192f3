import type { Clock } from '@cordon/foundation'
import type { IdentityProvider } from '@cordon/policy'

import type { Human, humanOf } from '../../core/humans/human-of.ts'
import type { IdTokenFault, IdTokenRefusal, judgeIdToken } from '../../core/humans/judge-id-token.ts'
import type { ProviderKeys } from './provider-keys.ts'
import { readSignedStatement, type StatementFault } from './signed-statement.ts'

/** Tells who signed in, from an ID token. */
export interface IdTokenVerifier {
  /** @param providers of the bundle in force */
  verify(
    idToken: string,
    providers: Readonly<Record<string, IdentityProvider>>,
  ): Promise<{ readonly ok: true; readonly human: Human } | IdTokenRefusal>
}

/** @param rules what decides, handed in: adapters know the types of the core only */
export const createIdTokenVerifier = (options: {
  readonly keys: ProviderKeys
  readonly clock: Clock
  readonly rules: { readonly judgeIdToken: typeof judgeIdToken; readonly humanOf: typeof humanOf }
}): IdTokenVerifier => ({
  verify: async (idToken, providers) => {
    const { keys, clock, rules } = options
    const signed = await readSignedStatement(idToken, providers, keys)
    if (typeof signed === 'string') return { ok: false, ...faults[signed] }
    const judged = rules.judgeIdToken(signed, signed.issuer, signed.provider, clock.now())
    if (!judged.ok) return judged
    const outcome = rules.humanOf(judged.claims, signed.provider)
    return outcome.ok
      ? outcome
      : {
          ok: false,
          fault: 'ID_TOKEN_ROLE_MISSING',
          message: 'claims: expected some that the bundle maps to a role, got none',
        }
  },
})

const faults: Readonly<Record<StatementFault, { readonly fault: IdTokenFault; readonly message: string }>> = {
  malformed: {
    fault: 'ID_TOKEN_MALFORMED',
    message: 'ID token: expected a signed JWT, got text that is none',
  },
  'issuer unknown': {
    fault: 'ID_TOKEN_ISSUER_UNKNOWN',
    message: 'iss: expected a provider of the bundle, got another',
  },
  'keys unavailable': {
    fault: 'ID_TOKEN_KEYS_UNAVAILABLE',
    message: 'keys of the provider: expected an answer, got none',
  },
  forged: {
    fault: 'ID_TOKEN_FORGED',
    message: 'signature: expected one by a key and an algorithm of the provider, got another',
  },
}
