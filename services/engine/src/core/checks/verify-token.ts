import type { RefusalReason } from '@cordon/engine-socket'
import type { TokenFault, TokenVerification } from '@cordon/tokens'
import { tokenRefusals } from '@cordon/tokens'

import type { CallFacts, PrincipalFacts, ShownFacts } from '../call-facts.ts'
import type { Check, CheckResult, Refused } from '../check.ts'
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
  return refuse(refusalOf(verification.reason))
}

const refusalOf = (fault: TokenFault): Refused => {
  const reason = tokenRefusals[fault]
  return deny(reason, messages[reason])
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
 * The same, and of a token that has expired, or verified here before its key was withdrawn, whose it was: a request that is under way
 * outlives both, and its enforcement point has to learn that the session is over. That the token counts no more `require-counting` says.
 */
export const recogniseToken: Check<CallFacts & ShownFacts, PrincipalFacts> = {
  name: 'recognise-token',
  async run({ shown, call, now }, { tokens }) {
    const verification = await tokens.verify(shown.token, call.server, now)
    if (verification.ok || verification.former === undefined) return resultOf(verification)
    return pass({ principal: verification.former, spent: refusalOf(verification.reason) })
  },
}

export const requireCounting: Check<CallFacts & PrincipalFacts, object> = {
  name: 'require-counting',
  run: ({ spent }) => (spent === undefined ? pass({}) : refuse(spent)),
}
