import type { ServerResponse } from 'node:http'

import type { Provider } from 'oidc-provider'

import type { Account } from '../ports/humans.ts'
import { consentPage } from './pages/consent-page.ts'
import { signInPage } from './pages/sign-in-page.ts'
import { type CsrfTokens, sendPage } from './page-request.ts'
import { requestedAccess } from './requested-access.ts'
import { formTargetsOf, securityHeaders } from './security-headers.ts'

/** A log-in under way, as the provider keeps it. */
export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

/** Sends the pages of a log-in. */
interface InteractionViews {
  showSignIn(
    provider: Provider,
    response: ServerResponse,
    interaction: Interaction,
    again?: Pick<Parameters<typeof signInPage>[0], 'name' | 'problem'>,
  ): Promise<void>
  showConsent(
    provider: Provider,
    response: ServerResponse,
    interaction: Interaction,
    human: Account,
  ): Promise<void>
}

export const createInteractionViews = (options: {
  readonly basePath: string
  readonly isHttps: boolean
  readonly csrf: CsrfTokens
}): InteractionViews => {
  const { basePath, csrf } = options

  const headersOf = (interaction: Interaction): Readonly<Record<string, string>> =>
    securityHeaders({
      isHttps: options.isHttps,
      formTargets: formTargetsOf(interaction.params['redirect_uri']),
    })

  const clientNameOf = async (provider: Provider, interaction: Interaction): Promise<string> => {
    const client = await provider.Client.find(String(interaction.params['client_id']))
    return client?.clientName ?? client?.clientId ?? 'A program'
  }

  const showSignIn = async (
    provider: Provider,
    response: ServerResponse,
    interaction: Interaction,
    again: Pick<Parameters<typeof signInPage>[0], 'name' | 'problem'> = {},
  ): Promise<void> => {
    const page = signInPage({
      action: `${basePath}/interaction/${interaction.uid}`,
      csrf: csrf.issue('interaction', interaction.uid),
      client: await clientNameOf(provider, interaction),
      ...again,
    })
    sendPage(response, page, headersOf(interaction))
  }

  const showConsent = async (
    provider: Provider,
    response: ServerResponse,
    interaction: Interaction,
    human: Account,
  ): Promise<void> => {
    const code =
      interaction.deviceCode === undefined
        ? undefined
        : await provider.DeviceCode.find(interaction.deviceCode, { ignoreExpiration: true })
    const page = consentPage({
      action: `${basePath}/interaction/${interaction.uid}`,
      csrf: csrf.issue('interaction', interaction.uid),
      logOutPath: `${basePath}/logout`,
      human,
      details: requestedAccess(
        await clientNameOf(provider, interaction),
        interaction.params,
        code?.deviceInfo,
      ),
    })
    sendPage(response, page, headersOf(interaction))
  }

  return { showSignIn, showConsent }
}
