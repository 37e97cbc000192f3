import { stylesheetSource } from './pages/layout.ts'

/**
 * Headers of every answer of the embedded provider.
 * @param formTargets where a form may lead beside this origin: browsers check redirects after it too
 */
export const securityHeaders = (options: {
  readonly isHttps: boolean
  readonly formTargets?: readonly string[]
}): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'none'",
    `style-src ${stylesheetSource}`,
    'img-src data:',
    `form-action ${["'self'", ...(options.formTargets ?? [])].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  // With `no-referrer` browsers send `Origin: null` with forms, and the check of it would be blind.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
  ...(options.isHttps && { 'strict-transport-security': 'max-age=31536000' }),
})

/** What the redirect at the end of a log-in needs: a browser refuses it as the end of a form otherwise. */
export const formTargetsOf = (redirectUri: unknown): readonly string[] => {
  if (typeof redirectUri !== 'string' || !URL.canParse(redirectUri)) return []
  const { protocol, hostname, origin } = new URL(redirectUri)
  // Content security policies have no way to write an IPv6 address.
  return protocol === 'http:' && hostname === '[::1]' ? ['http:'] : [origin]
}
