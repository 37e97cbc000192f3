import type { RefusalReason } from '@cordon/engine-socket'
import type { TokenVerification } from '@cordon/tokens'
import { tokenRefusals } from '@cordon/tokens'

import type { CallFacts, PrincipalFacts, ShownFacts } from '../call-facts.ts'
import type { Check, CheckResult } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'

type TokenRefusal = Extract<RefusalReason, `TOKEN_${string}`>

const messages: Readonly<Record<TokenRefusal, string>> = {
  TOKEN_MISSING: 'No session token came with the call. Open a session and send its token for this server.',
  TOKEN_INVALID:
    'The session token is not one that this deployment issued. Open a session and use its token.',
  TOKEN_EXPIRED: 'The session token has expired. Renew it against the session.',
  TOKEN_AUDIENCE: 'The session token is for another server. Use the one that was issued for this server.',
}

const resultOf = (verification: TokenVerification): CheckResult<PrincipalFacts> => {
  if (verification.ok) {
    const { token, digest } = verification
    return pass({ principal: token, ...(digest !== undefined && { tokenDigest: digest }) })
  }
  const reason = tokenRefusals[verification.reason]
  return refuse(deny(reason, messages[reason]))
}

/** Whose call is it? The token says, where the issuer's key signed it, for this server, and it has not expired. */
export const verifyToken: Check<CallFacts & ShownFacts, PrincipalFacts> = {
  name: 'verify-token',
  run({ shown, call, now }, { tokens }) {
    const verification = tokens.verify(shown.token, call.server, now)
    return verification instanceof Promise ? verification.then(resultOf) : resultOf(verification)
  },
}

/**
 * The same, and of a token that has expired whose it was: a request that is under way outlives its token, and its enforcement point has to
 * learn that the session is over. That it has expired `require-unexpired` says.
 */
export const recogniseToken: Check<CallFacts & ShownFacts, PrincipalFacts> = {
  name: 'recognise-token',
  async run({ shown, call, now }, { tokens }) {
    const verification = await tokens.verify(shown.token, call.server, now)
    if (verification.ok || verification.expired === undefined) return resultOf(verification)
    return pass({ principal: verification.expired })
  },
}

export const requireUnexpired: Check<CallFacts & PrincipalFacts, object> = {
  name: 'require-unexpired',
  run: ({ principal, now }) =>
    now < principal.expiresAt ? pass({}) : refuse(deny('TOKEN_EXPIRED', messages.TOKEN_EXPIRED)),
}
