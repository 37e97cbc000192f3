import { setTimeout as sleep } from 'node:timers/promises'

import { CordonError } from '@cordon/foundation'
import { z } from 'zod'

import type { ConnectErrorCode } from '../core/error-code.ts'
import type { LogInMethod } from '../ports.ts'
import { checkIdToken } from './id-token.ts'
import { type ProviderClient, readTokenAnswer } from './provider-client.ts'
import type { RequestedAccess } from './requested-access.ts'

/** RFC 8628 §3.2. */
const authorizationSchema = z.object({
  device_code: z.string().min(1).max(4096),
  user_code: z.string().regex(/^[\x20-\x7e]{1,64}$/),
  verification_uri: z.url({ protocol: /^https?$/ }),
  verification_uri_complete: z.url({ protocol: /^https?$/ }).optional(),
  expires_in: z.number().positive(),
  interval: z.number().positive().max(300).default(5),
})

/** RFC 8628 §3.5: the provider asks for more distance. */
const slowDownSeconds = 5

/** Log-in on another device (RFC 8628), for a machine without a browser. */
export const deviceLogIn = (options: {
  readonly provider: ProviderClient
  readonly access: RequestedAccess
  readonly now: () => number
  /** Seconds. Rejects when the signal aborts. */
  readonly wait?: (seconds: number, signal: AbortSignal) => Promise<void>
}): LogInMethod => {
  const { provider, access, now, wait = waitSeconds } = options
  return async (tell, signal) => {
    const { deviceEndpoint, tokenEndpoint } = await provider.metadata()
    if (deviceEndpoint === undefined)
      throw refused('a provider with a device flow, or a browser on this machine', 'neither')
    const started = await provider.post(deviceEndpoint, { scope: 'openid', ...access })
    const parsed = authorizationSchema.safeParse(started.body)
    if (started.status !== 200 || !parsed.success)
      throw refused('a code for a device', `status ${started.status}`)
    const device = parsed.data
    const { verification_uri: url, user_code: code } = device
    tell(`Sign in: open ${url} ${placeOf(url)}, and enter the code ${code}`)

    const endsAt = now() + device.expires_in * 1000
    for (let seconds = device.interval; now() < endsAt;) {
      await wait(seconds, signal)
      const answer = await poll(provider, tokenEndpoint, device.device_code)
      if ('idToken' in answer) {
        const { issuer, clientId } = provider
        return checkIdToken(answer.idToken, { issuer, clientId, now: now() })
      }
      if (answer.error === 'slow_down') seconds += slowDownSeconds
      else if (answer.error === 'expired_token') break
      else if (answer.error !== 'authorization_pending') throw refused('the human to agree', answer.error)
    }
    throw new CordonError<ConnectErrorCode>(
      'LOG_IN_TIMED_OUT',
      `log-in: expected the code to be entered within ${Math.round(device.expires_in / 60)} minutes, got nobody`,
      { retryable: true },
    )
  }
}

/** A loopback address is each machine's own: another device would knock at itself. */
const placeOf = (url: string): string =>
  /^(127\.[\d.]+|localhost|\[::1\])$/.test(new URL(url).hostname)
    ? 'on this machine, or through a tunnel to it'
    : 'on any device'

const waitSeconds = (seconds: number, signal: AbortSignal): Promise<void> =>
  sleep(seconds * 1000, undefined, { signal })

const poll = async (provider: ProviderClient, tokenEndpoint: string, deviceCode: string) => {
  try {
    const fields = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: deviceCode,
    }
    return readTokenAnswer(await provider.post(tokenEndpoint, fields))
  } catch (error) {
    // RFC 8628 §3.5: a time-out is met with more distance; the code may be entered meanwhile.
    if (error instanceof CordonError && error.code === 'PROVIDER_UNAVAILABLE') return { error: 'slow_down' }
    throw error
  }
}

const refused = (expected: string, got: string): CordonError<ConnectErrorCode> =>
  new CordonError<ConnectErrorCode>('LOG_IN_REFUSED', `log-in: expected ${expected}, got ${got}`)
