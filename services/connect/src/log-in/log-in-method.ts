import { createNodeFetch } from '../adapters/node-fetch.ts'
import { openSystemBrowser } from '../adapters/system-browser.ts'
import type { Profile, Seat } from '../config.ts'
import type { LogInMethod } from '../ports.ts'
import { browserLogIn } from './browser-log-in.ts'
import { deviceLogIn } from './device-log-in.ts'
import { createProviderClient } from './provider-client.ts'

/** The public client that every provider for Cordon has to know. */
const clientId = 'cordon-connect'

/** By the browser of whoever sits here, or by another device where nobody would see one. */
export const logInMethod = (options: {
  readonly profile: Profile
  readonly seat: Seat
  /** Asked for on the command line. */
  readonly onDevice: boolean
  readonly now: () => number
  readonly onBrowserFailed: (error: unknown) => void
}): LogInMethod => {
  const { profile, now } = options
  const { fetch } = createNodeFetch()
  const provider = createProviderClient({ issuer: profile.provider, clientId, fetch })
  const access = { cordon_agent: profile.agent, cordon_tools: profile.tools.join(' ') }
  if (options.onDevice || !options.seat.hasBrowser) return deviceLogIn({ provider, access, now })
  return browserLogIn({
    provider,
    access,
    openBrowser: url => openSystemBrowser(url, options.onBrowserFailed),
    now,
  })
}
