import { CordonError } from '@cordon/foundation'
import { z } from 'zod'

import type { ConnectErrorCode } from '../core/error-code.ts'
import { parseJson } from '../core/mcp/client-message.ts'
import type { LogIn } from '../ports.ts'

const claims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  nonce: z.string().optional(),
})

/**
 * Whether a token from the token endpoint is the answer to this log-in (OpenID Connect Core 1.0 §3.1.3.7). Its signature is for
 * identity to verify: here it came straight from the provider.
 * @throws ConnectError `LOG_IN_REFUSED`, without repeating the token
 */
export const checkIdToken = (
  idToken: string,
  expected: {
    readonly issuer: string
    readonly clientId: string
    readonly nonce?: string
    readonly now: number
  },
): LogIn => {
  const [, payload = ''] = idToken.split('.')
  const { data } = claims.safeParse(parseJson(decode(payload)))
  if (data === undefined) throw refused('an ID token', 'another text')
  if (data.iss !== expected.issuer)
    throw refused(`an ID token of ${expected.issuer}`, 'one of another issuer')
  const audience = typeof data.aud === 'string' ? [data.aud] : data.aud
  if (audience.length !== 1 || audience[0] !== expected.clientId)
    throw refused('an ID token for this program alone', 'one for another audience')
  // A token of another log-in would make this session that of somebody else.
  if (expected.nonce !== undefined && data.nonce !== expected.nonce)
    throw refused('an ID token of this log-in', 'one of another log-in')
  const expiresAt = data.exp * 1000
  if (expiresAt <= expected.now) throw refused('an ID token that is still good', 'one that has expired')
  return { idToken, expiresAt }
}

const decode = (text: string): string => {
  try {
    const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return new TextDecoder().decode(Uint8Array.from(bytes, character => character.codePointAt(0) ?? 0))
  } catch {
    // No Base64: refused as no token.
    return ''
  }
}

const refused = (expected: string, got: string): CordonError<ConnectErrorCode> =>
  new CordonError<ConnectErrorCode>('LOG_IN_REFUSED', `log-in: expected ${expected}, got ${got}`)
