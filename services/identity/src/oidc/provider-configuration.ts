import { toolNamePattern } from '@cordon/policy'
import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'

import type { OidcKeys } from '../adapters/humans/database-oidc-keys.ts'
import type { OidcRecords } from '../adapters/humans/database-oidc-records.ts'
import type { Accounts } from '../ports/humans.ts'
import { agentClaim, consentOf, toolsClaim } from './consented-access.ts'
import type { DevicePages } from './device-pages.ts'
import { connectClientId } from './provider-entry.ts'

const minute = 60
const hour = 60 * minute

/** RFC 8628 §5.1, §6.1: a short life is half of what makes guessing hopeless. Time to reach another device and type. */
const deviceCodeSeconds = 5 * minute
/** A working day: whoever works on signs in again. */
const sessionSeconds = 8 * hour
const longestTools = 8 * 1024

/** What the embedded provider does and, mostly, does not do. */
export const providerConfiguration = (options: {
  readonly basePath: string
  readonly isHttps: boolean
  readonly keys: OidcKeys
  readonly records: OidcRecords
  readonly accounts: Accounts
  readonly devicePages: DevicePages
  readonly renderError: Configuration['renderError'] & {}
}): Configuration => {
  const { basePath, isHttps, keys, records, accounts, devicePages } = options
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true, overwrite: true, secure: isHttps } as const
  // Browsers keep these prefixes to this host and to TLS; on loopback there is no TLS to keep them to.
  const [hostOnly, secure] = isHttps ? ['__Host-', '__Secure-'] : ['', '']
  return {
    adapter: records.adapterOf,
    clients: [
      {
        client_id: connectClientId,
        client_name: 'Cordon Connect',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'],
        response_types: ['code'],
        // RFC 8252 §7.3: any port counts for these two. `localhost` may be another machine's (§8.3).
        redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
        id_token_signed_response_alg: 'ES256',
        require_auth_time: true,
      },
    ],
    jwks: { keys: [...keys.signing] },
    cookies: {
      keys: [...keys.cookies],
      names: {
        session: `${hostOnly}cordon_session`,
        interaction: `${secure}cordon_interaction`,
        resume: `${secure}cordon_resume`,
      },
      long: { ...cookie, path: '/' },
      short: cookie,
    },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: {
        enabled: true,
        charset: 'base-20',
        mask: '****-****',
        deviceInfo: devicePages.deviceInfo,
        userCodeInputSource: devicePages.input,
        userCodeConfirmSource: devicePages.confirm,
        successSource: devicePages.success,
      },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
    },
    pkce: { required: () => true },
    responseTypes: ['code'],
    scopes: ['openid'],
    claims: { openid: ['sub', 'name', 'email', 'groups', 'amr', 'auth_time', agentClaim, toolsClaim] },
    // There is no userinfo endpoint to fetch them from.
    conformIdTokenClaims: false,
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    clientBasedCORS: () => false,
    issueRefreshToken: async () => false,
    extraParams: { [agentClaim]: requireAgentName, [toolsClaim]: requireToolList },
    findAccount: async (ctx, subject, source) => {
      const account = await accounts.find(subject)
      if (account === undefined) return undefined
      const { name, email, groups } = account
      const consent = await consentOf(ctx.oidc.provider, source?.grantId)
      return {
        accountId: subject,
        claims: () => ({ sub: subject, name, email, groups: [...groups], ...consent }),
      }
    },
    // Each log-in asks anew: another program of the same machine could ask with the same client id (RFC 8252 §8.6).
    loadExistingGrant: async ctx => {
      const grantId = ctx.oidc.result?.consent?.grantId
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId)
    },
    interactions: { url: (_ctx, { uid }) => `${basePath}/interaction/${uid}` },
    routes: {
      authorization: '/auth',
      code_verification: '/device',
      device_authorization: '/device/auth',
      jwks: '/jwks',
      token: '/token',
    },
    ttl: {
      // There is nothing that it opens.
      AccessToken: minute,
      AuthorizationCode: minute,
      DeviceCode: deviceCodeSeconds,
      Grant: 10 * minute,
      IdToken: hour,
      Interaction: 10 * minute,
      Session: sessionSeconds,
    },
    renderError: options.renderError,
  }
}

const requireAgentName = (_ctx: KoaContextWithOIDC, name: string | undefined): void => {
  if (name !== undefined && !/^[^\p{C}]{1,200}$/u.test(name))
    throw new errors.InvalidRequest(`${agentClaim}: expected 1 to 200 printable characters`)
}

const requireToolList = (_ctx: KoaContextWithOIDC, tools: string | undefined): void => {
  if (tools === undefined) return
  if (tools.length > longestTools || !tools.split(' ').every(tool => toolNamePattern.test(tool)))
    throw new errors.InvalidRequest(`${toolsClaim}: expected "server/tool" names with spaces between`)
}
