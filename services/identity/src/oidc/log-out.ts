import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Provider } from 'oidc-provider'

import type { Accounts, HumanSessionEndings } from '../ports/humans.ts'
import type { HumanEvents, PageFault } from './human-events.ts'
import { loggedOutPage, logOutPage } from './pages/log-out-pages.ts'
import { problemOf, problemPage } from './pages/problem-page.ts'
import { type CsrfTokens, isFromHere, readForm, sendPage } from './page-request.ts'
import { connectClientId } from './provider-entry.ts'

/** The page on which a human ends their own session, and with it the agent sessions that rest on it. */
export interface LogOut {
  answer(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void>
}

export const createLogOut = (options: {
  readonly basePath: string
  readonly origin: string
  readonly issuer: string
  readonly accounts: Accounts
  readonly endings: HumanSessionEndings
  readonly csrf: CsrfTokens
  readonly events: HumanEvents
}): LogOut => {
  const { basePath, issuer, endings, csrf, events } = options

  const reject = (response: ServerResponse, status: number, fault: PageFault): void => {
    events.pageRejected(fault)
    sendPage(response, problemPage(problemOf('invalid_request', status)))
  }

  return {
    answer: async (provider, request, response) => {
      const context = provider.createContext(request, response)
      const session = await provider.Session.get(context)
      const subject = session.accountId
      if (subject === undefined) return sendPage(response, loggedOutPage())
      if (request.method !== 'POST') {
        const name = (await options.accounts.find(subject))?.name ?? subject
        const page = logOutPage({
          action: `${basePath}/logout`,
          csrf: csrf.issue('log-out', session.uid),
          name,
        })
        return sendPage(response, page)
      }
      if (!isFromHere(request, options.origin)) return reject(response, 403, 'ORIGIN_FOREIGN')
      const form = await readForm(request)
      if (form === undefined) return reject(response, 400, 'FORM_INVALID')
      if (!csrf.verify('log-out', session.uid, form['csrf'])) return reject(response, 403, 'CSRF_TOKEN_WRONG')
      const sid = session.sidFor(connectClientId)
      // The agents first: where that fails the human is still signed in, sees it, and can try again.
      if (sid !== undefined) await endings.ended({ issuer, subject, session: sid })
      await session.destroy()
      const name = provider.cookieName('session')
      const isHostOnly = name.startsWith('__Host-')
      context.cookies.set(name, null, { path: '/', httpOnly: true, sameSite: 'lax', secure: isHostOnly })
      events.loggedOut()
      sendPage(response, loggedOutPage())
    },
  }
}
