import { CordonError } from '@cordon/foundation'
import { z } from 'zod'

import type { ConnectErrorCode } from '../core/error-code.ts'

/** Of what a provider says about itself (OpenID Connect Discovery 1.0 §3) what a log-in needs. */
export interface ProviderMetadata {
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  /** RFC 8628 §4; absent where the provider has no device flow. */
  readonly deviceEndpoint?: string
}

const endpoint = z.url().refine(isSafe, { error: 'expected https, or http to this machine' })

const schema = z.object({
  issuer: z.string(),
  authorization_endpoint: endpoint,
  token_endpoint: endpoint,
  device_authorization_endpoint: endpoint.optional(),
})

/** @throws ConnectError `PROVIDER_ANSWER_MALFORMED`; the issuer has to be the one that was asked (§4.3) */
export const parseProviderMetadata = (issuer: string, value: unknown): ProviderMetadata => {
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    const problem = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    throw malformed(`provider ${issuer}: expected its discovery document, got one with problems: ${problem}`)
  }
  const { data } = parsed
  if (data.issuer !== issuer)
    throw malformed(`provider ${issuer}: expected this issuer in its discovery document, got another one`)
  return {
    authorizationEndpoint: data.authorization_endpoint,
    tokenEndpoint: data.token_endpoint,
    ...(data.device_authorization_endpoint !== undefined && {
      deviceEndpoint: data.device_authorization_endpoint,
    }),
  }
}

/** Codes and tokens travel there. */
function isSafe(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  return (
    protocol === 'https:' ||
    (protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname))
  )
}

const malformed = (message: string): CordonError<ConnectErrorCode> =>
  new CordonError<ConnectErrorCode>('PROVIDER_ANSWER_MALFORMED', message)
