import type { IncomingMessage, ServerResponse } from 'node:http'

import { errors, type Provider } from 'oidc-provider'

import type { Account, Accounts } from '../ports/humans.ts'
import { keepConsent } from './consented-access.ts'
import type { HumanEvents, PageFault } from './human-events.ts'
import { createInteractionViews, type Interaction } from './interaction-views.ts'
import { problemOf, problemPage } from './pages/problem-page.ts'
import { type CsrfTokens, isFromHere, readForm, sendPage } from './page-request.ts'
import type { SignIn } from './sign-in.ts'

/** Pages on which a human signs in and says yes or no. */
export interface InteractionPages {
  /** @param uid of the interaction, as the path has it */
  answer(provider: Provider, request: IncomingMessage, response: ServerResponse, uid: string): Promise<void>
}

const findInteraction = async (
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Interaction | undefined> => {
  try {
    return await provider.interactionDetails(request, response)
  } catch (error) {
    // Over, of another browser, or of somebody who has logged out since.
    if (error instanceof errors.SessionNotFound) return undefined
    throw error
  }
}

export const createInteractionPages = (options: {
  readonly basePath: string
  readonly origin: string
  readonly isHttps: boolean
  readonly accounts: Accounts
  readonly signIn: SignIn
  readonly csrf: CsrfTokens
  readonly events: HumanEvents
  readonly addressOf: (request: IncomingMessage) => string
}): InteractionPages => {
  const { basePath, accounts, csrf, events } = options

  const reject = (response: ServerResponse, status: number, fault: PageFault): void => {
    events.pageRejected(fault)
    sendPage(response, problemPage(problemOf('invalid_request', status)))
  }

  const views = createInteractionViews({ basePath, isHttps: options.isHttps, csrf })

  const takeSignIn = async (
    provider: Provider,
    request: IncomingMessage,
    response: ServerResponse,
    interaction: Interaction,
    form: Readonly<Record<string, string>>,
  ): Promise<void> => {
    const { name = '', password = '' } = form
    const outcome = await options.signIn(name, password, options.addressOf(request))
    if (!('account' in outcome))
      return views.showSignIn(provider, response, interaction, { name, problem: outcome.problem })
    const { subject } = outcome.account
    const signedInAs = interaction.session?.accountId
    if (signedInAs !== undefined && signedInAs !== subject)
      return sendPage(
        response,
        problemPage({
          status: 409,
          title: 'Somebody else is signed in',
          text: `This browser is signed in for another human. Log out at ${basePath}/logout first.`,
        }),
      )
    await provider.interactionFinished(
      request,
      response,
      // Not kept when the browser closes: agents go on by what they were given, and machines are shared.
      { login: { accountId: subject, amr: ['pwd'], remember: false } },
      { mergeWithLastSubmission: false },
    )
  }

  const takeConsent = async (
    provider: Provider,
    request: IncomingMessage,
    response: ServerResponse,
    human: Account,
    interaction: Interaction,
  ): Promise<void> => {
    const grant = new provider.Grant({
      accountId: human.subject,
      clientId: String(interaction.params['client_id']),
    })
    grant.addOIDCScope('openid')
    keepConsent(grant, interaction.params)
    const grantId = await grant.save()
    events.accessAllowed()
    await provider.interactionFinished(
      request,
      response,
      { consent: { grantId } },
      { mergeWithLastSubmission: true },
    )
  }

  const refuse = async (
    provider: Provider,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    events.accessDenied()
    await provider.interactionFinished(
      request,
      response,
      { error: 'access_denied', error_description: 'the human said no' },
      { mergeWithLastSubmission: false },
    )
  }

  return {
    answer: async (provider, request, response, uid) => {
      const interaction = await findInteraction(provider, request, response)
      if (interaction === undefined || interaction.uid !== uid)
        return sendPage(response, problemPage(problemOf('session_not_found', 400)))
      const step = interaction.prompt.name
      const human =
        interaction.session === undefined ? undefined : await accounts.find(interaction.session.accountId)
      if (request.method !== 'POST')
        return step === 'consent' && human !== undefined
          ? views.showConsent(provider, response, interaction, human)
          : views.showSignIn(provider, response, interaction)
      if (!isFromHere(request, options.origin)) return reject(response, 403, 'ORIGIN_FOREIGN')
      const form = await readForm(request)
      if (form === undefined) return reject(response, 400, 'FORM_INVALID')
      if (!csrf.verify('interaction', uid, form['csrf'])) return reject(response, 403, 'CSRF_TOKEN_WRONG')
      switch (form['action']) {
        case 'cancel':
        case 'deny':
          return refuse(provider, request, response)
        case 'sign-in':
          if (step !== 'login') return reject(response, 400, 'FORM_INVALID')
          return takeSignIn(provider, request, response, interaction, form)
        case 'allow':
          if (step !== 'consent' || human === undefined) return reject(response, 400, 'FORM_INVALID')
          return takeConsent(provider, request, response, human, interaction)
        default:
          return reject(response, 400, 'FORM_INVALID')
      }
    },
  }
}
