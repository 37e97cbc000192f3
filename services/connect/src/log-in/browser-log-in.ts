import { createHash, randomBytes } from 'node:crypto'

import { CordonError } from '@cordon/foundation'
import { logInNonceOf, openHolderKey } from '@cordon/tokens'

import type { ConnectErrorCode } from '../core/error-code.ts'
import type { LogInMethod } from '../ports.ts'
import { openCallbackServer } from './callback-server.ts'
import { checkIdToken } from './id-token.ts'
import { type ProviderClient, readTokenAnswer } from './provider-client.ts'
import type { RequestedAccess } from './requested-access.ts'

/** Time to find the password. */
const patienceMs = 5 * 60_000

/**
 * Log-in in the system's browser (RFC 8252): authorization code with PKCE (RFC 7636), redirected to a port of this machine that is open
 * for this one log-in.
 */
export const browserLogIn = (options: {
  readonly provider: ProviderClient
  readonly access: RequestedAccess
  /** @returns whether something was started that may be a browser */
  readonly openBrowser: (url: string) => void
  readonly now: () => number
}): LogInMethod => {
  const { provider, access } = options
  return async (tell, signal) => {
    const { authorizationEndpoint, tokenEndpoint } = await provider.metadata()
    const [state, verifier, secret] = [random(), random(), randomBytes(32)]
    // The token that comes of it is for this key alone.
    const nonce = logInNonceOf(openHolderKey(secret).thumbprint)
    const server = await openCallbackServer({ state, issuer: provider.issuer })
    try {
      const url = new URL(authorizationEndpoint)
      const parameters = {
        response_type: 'code',
        client_id: provider.clientId,
        redirect_uri: server.redirectUri,
        scope: 'openid',
        state,
        nonce,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...access,
      }
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      tell(`Sign in in your browser. Where none opens, open this address: ${url.href}`)
      options.openBrowser(url.href)
      const code = await server.code(patienceMs, signal)
      const answer = readTokenAnswer(
        await provider.post(tokenEndpoint, {
          grant_type: 'authorization_code',
          code,
          redirect_uri: server.redirectUri,
          code_verifier: verifier,
        }),
      )
      if ('error' in answer)
        throw new CordonError<ConnectErrorCode>(
          'LOG_IN_REFUSED',
          `log-in: expected a token for the code, got ${answer.error}`,
        )
      const { issuer, clientId } = provider
      const logIn = checkIdToken(answer.idToken, { issuer, clientId, nonce, now: options.now() })
      return { ...logIn, key: secret.toString('base64url') }
    } finally {
      server.close()
    }
  }
}

/** 256 bits, in the characters of a code verifier (RFC 7636 §4.1). */
const random = (): string => randomBytes(32).toString('base64url')
