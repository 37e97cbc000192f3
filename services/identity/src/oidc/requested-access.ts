import type { UnknownObject } from 'oidc-provider'

import { agentClaim, toolsClaim } from './consented-access.ts'
import type { DeviceOrigin, RequestDetails } from './pages/request-details.ts'

/** What the parameters of an authorization request say of who asks for what. */
export const requestedAccess = (
  client: string,
  parameters: UnknownObject,
  deviceInfo?: UnknownObject,
): RequestDetails => {
  const agent = parameters[agentClaim]
  const tools = parameters[toolsClaim]
  return {
    client,
    ...(typeof agent === 'string' && { agent }),
    tools: typeof tools === 'string' ? tools.split(' ') : [],
    from: deviceInfo === undefined ? loopbackOf(parameters['redirect_uri']) : deviceOf(deviceInfo),
  }
}

const loopbackOf = (redirectUri: unknown): RequestDetails['from'] => ({
  kind: 'loopback',
  port: typeof redirectUri === 'string' && URL.canParse(redirectUri) ? new URL(redirectUri).port || '80' : '',
})

const deviceOf = ({ address, userAgent }: UnknownObject): DeviceOrigin => ({
  kind: 'device',
  address: typeof address === 'string' ? address : 'unknown',
  userAgent: typeof userAgent === 'string' ? userAgent : '',
})
