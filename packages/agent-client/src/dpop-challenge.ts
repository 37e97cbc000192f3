/** Why a proxy refused a request that showed a token, where another attempt may help. */
export type Challenge = 'use_dpop_nonce' | 'invalid_token' | 'other'

/** @param response of status 401; its `WWW-Authenticate` is read (RFC 9449 §7.1, RFC 9110 §11.6.1) */
export const challengeOf = (response: Response): Challenge => {
  const header = response.headers.get('www-authenticate') ?? ''
  if (!/^DPoP(?:\s|$)/i.test(header)) return 'other'
  // A quoted text may hold anything, so parameters are read one after the other.
  for (const [, name, value] of header.matchAll(/([\w-]+)="((?:[^"\\]|\\.)*)"/g))
    if (name === 'error') return value === 'use_dpop_nonce' || value === 'invalid_token' ? value : 'other'
  return 'other'
}
