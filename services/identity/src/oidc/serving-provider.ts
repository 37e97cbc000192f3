import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { type KoaContextWithOIDC, Provider } from 'oidc-provider'

import type { OidcKeys } from '../adapters/humans/database-oidc-keys.ts'
import type { OidcRecords } from '../adapters/humans/database-oidc-records.ts'
import type { Accounts } from '../ports/humans.ts'
import type { DevicePages } from './device-pages.ts'
import type { HumanEvents } from './human-events.ts'
import { documentOf } from './pages/layout.ts'
import { problemOf, problemPage } from './pages/problem-page.ts'
import { providerConfiguration } from './provider-configuration.ts'

/** A provider with the keys that it was made of: other keys, another provider. What it knows is in the database. */
export interface ServingProvider {
  readonly provider: Provider
  readonly keys: OidcKeys
  readonly publicKeys: { readonly keys: readonly object[] }
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

export const createServingProvider = (options: {
  readonly issuer: string
  readonly url: URL
  readonly isHttps: boolean
  readonly keys: OidcKeys
  readonly records: OidcRecords
  readonly accounts: Accounts
  readonly devicePages: DevicePages
  readonly events: HumanEvents
}): ServingProvider => {
  const { issuer, url, isHttps, keys, records, accounts, devicePages, events } = options
  const provider = new Provider(
    issuer,
    providerConfiguration({
      basePath: url.pathname,
      isHttps,
      keys,
      records,
      accounts,
      devicePages,
      renderError: (ctx, { error }) => renderError(ctx, error),
    }),
  )
  // `sid` in each ID token: without it nobody could tell which agent sessions a log-out ends. The provider says it only to clients that
  // have an address for back-channel log-out, which a program on somebody's laptop has not.
  Object.defineProperty(provider.Client.prototype, 'includeSid', { value: () => true })
  // The route overrides what a client says of host and protocol; see provider-routes.ts.
  provider.proxy = true
  provider.on('server_error', (_ctx, error) => events.providerFailed(error))
  koaOf(provider).on('error', (error: unknown) => events.providerFailed(error))
  const callback = provider.callback()
  return {
    provider,
    keys,
    publicKeys: { keys: keys.signing.map(({ d: _secret, ...publicJwk }) => publicJwk) },
    answer: async (request, response) => {
      await callback(request, response)
    },
  }
}

// The types know the events of OpenID only.
const koaOf = (provider: Provider): EventEmitter => provider

const renderError = (ctx: KoaContextWithOIDC, error: string): void => {
  const status = ctx.status >= 400 ? ctx.status : 400
  ctx.status = status
  ctx.type = 'html'
  ctx.body = documentOf(problemPage(problemOf(error, status)))
}
