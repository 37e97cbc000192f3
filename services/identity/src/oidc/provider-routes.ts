import type { IncomingMessage, ServerResponse } from 'node:http'

import type { OidcRecords } from '../adapters/humans/database-oidc-records.ts'
import { networksOf } from '../core/humans/networks-of.ts'
import type { Attempts } from '../ports/humans.ts'
import type { DevicePages } from './device-pages.ts'
import type { HumanEvents, PageFault } from './human-events.ts'
import type { InteractionPages } from './interaction-pages.ts'
import type { LogOut } from './log-out.ts'
import { isFromHere, sendPage } from './page-request.ts'
import { problemOf, problemPage } from './pages/problem-page.ts'
import { durationOf } from './pages/sign-in-page.ts'
import type { RequestBudget } from './request-budget.ts'
import { securityHeaders } from './security-headers.ts'
import type { ServingProvider } from './serving-provider.ts'
import { takeBackTries, takeTries, type Tried } from './take-tries.ts'

/**
 * Devices that wait at once; each code that lives makes guessing one easier. One more takes the place of another, of whoever has most:
 * so few networks cannot keep all others out.
 */
const maxLiveDeviceCodes = 2000
/** Of a request that makes the database keep something. */
const recordCost = 10

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  readonly address: string
}

interface Route {
  readonly methods: readonly string[]
  readonly path: RegExp
  readonly cost: number
  readonly answer: (exchange: Exchange, uid: string) => Promise<void>
}

/**
 * What of the provider can be reached, and what holds for every request to it. Anything that is not in the table does not exist, whatever
 * `oidc-provider` would answer.
 */
export const createProviderRoutes = (options: {
  readonly url: URL
  readonly isHttps: boolean
  readonly serving: () => ServingProvider
  readonly records: OidcRecords
  readonly attempts: Attempts
  readonly devicePages: DevicePages
  readonly interactions: InteractionPages
  readonly logOut: LogOut
  readonly budget: RequestBudget
  readonly events: HumanEvents
  readonly addressOf: (request: IncomingMessage) => string
}): ((request: IncomingMessage, response: ServerResponse) => void) => {
  const { url, serving, attempts, devicePages, events } = options
  const headers = securityHeaders({ isHttps: options.isHttps })

  const reject = (response: ServerResponse, status: number, fault: PageFault): void => {
    events.pageRejected(fault)
    sendPage(response, problemPage(problemOf(fault.toLowerCase(), status)))
  }

  const toProvider = async ({ request, response }: Exchange): Promise<void> =>
    serving().answer(request, response)

  const startDevice = async (exchange: Exchange): Promise<void> => {
    const { records } = options
    if ((await records.count('DeviceCode')) < maxLiveDeviceCodes) return toProvider(exchange)
    if (await records.dropDeviceCode()) {
      events.deviceCodeDropped()
      return toProvider(exchange)
    }
    events.pageRejected('TOO_MANY_DEVICES')
    sendJson(exchange.response, 503, {
      error: 'temporarily_unavailable',
      error_description: 'too many devices are waiting: try again in a minute',
    })
  }

  const showDevice = async (exchange: Exchange): Promise<void> => {
    // The link fills the field in; only the human sends it.
    devicePages.prefill(exchange.request, exchange.query.get('user_code') ?? '')
    exchange.request.url = '/device'
    await toProvider(exchange)
  }

  const takeDevice = async (exchange: Exchange): Promise<void> => {
    const { request, response, address } = exchange
    const { provider } = serving()
    const session = await provider.Session.get(provider.createContext(request, response))
    // Nobody showed this browser the form, or long ago; without it the provider fails, and nothing is tried.
    if (session.state === undefined)
      return sendPage(response, problemPage(problemOf('session_not_found', 400)))
    const tries: readonly Tried[] = [
      ...networksOf(address).map(({ kind, name: subject }) => ({ kind: userCodesOf[kind], subject })),
      { kind: 'user-code-anywhere', subject: '' },
    ]
    const waiting = await takeTries(attempts, tries)
    if (waiting !== undefined) {
      events.attemptRefused(waiting.kind)
      const waitSeconds = Math.ceil(waiting.waitMs / 1000)
      return sendPage(response, {
        ...problemPage({
          status: 429,
          title: 'Too many wrong codes',
          text: `Try again in ${durationOf(waitSeconds)}.`,
        }),
        retryAfterSeconds: waitSeconds,
      })
    }
    await toProvider(exchange)
    if (devicePages.wasWrong(request)) return events.deviceCodeWrong()
    await takeBackTries(attempts, tries)
  }

  const authorize = async (exchange: Exchange): Promise<void> => {
    // The others put the code into pages and fragments, for which a program on loopback has no use.
    if ((exchange.query.get('response_mode') ?? 'query') !== 'query')
      return reject(exchange.response, 400, 'RESPONSE_MODE_REFUSED')
    await toProvider(exchange)
  }

  const interact: Route['answer'] = async ({ request, response }, uid) =>
    options.interactions.answer(serving().provider, request, response, uid)

  const routes: readonly Route[] = [
    { methods: read, path: /^\/\.well-known\/openid-configuration$/, cost: 0, answer: toProvider },
    { methods: read, path: /^\/jwks$/, cost: 0, answer: toProvider },
    { methods: ['GET'], path: /^\/auth$/, cost: recordCost, answer: authorize },
    { methods: ['GET'], path: /^\/auth\/([\w-]+)$/, cost: 1, answer: toProvider },
    { methods: ['POST'], path: /^\/token$/, cost: 1, answer: toProvider },
    { methods: ['POST'], path: /^\/device\/auth$/, cost: recordCost, answer: startDevice },
    { methods: ['GET'], path: /^\/device$/, cost: recordCost, answer: showDevice },
    { methods: ['POST'], path: /^\/device$/, cost: 1, answer: takeDevice },
    { methods: ['GET'], path: /^\/device\/([\w-]+)$/, cost: 1, answer: toProvider },
    { methods: ['GET', 'POST'], path: /^\/interaction\/([\w-]+)$/, cost: 1, answer: interact },
    {
      methods: ['GET', 'POST'],
      path: /^\/logout$/,
      cost: 1,
      answer: async ({ request, response }) => options.logOut.answer(serving().provider, request, response),
    },
  ]

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    // A page of another name that resolves to this machine would be of this origin otherwise (DNS rebinding).
    if (request.headers.host !== url.host) return reject(response, 421, 'HOST_WRONG')
    const target = pathBelow(request.url ?? '', url.pathname)
    const matching = target === undefined ? [] : routes.filter(({ path }) => path.test(target.path))
    if (target === undefined || matching.length === 0) return reject(response, 404, 'NOT_FOUND')
    const route = matching.find(({ methods }) => methods.includes(request.method ?? ''))
    if (route === undefined) {
      response.setHeader('allow', matching.flatMap(({ methods }) => methods).join(', '))
      return reject(response, 405, 'METHOD_NOT_ALLOWED')
    }
    const address = options.addressOf(request)
    if (!options.budget.spend(address, route.cost)) return reject(response, 429, 'TOO_MANY_REQUESTS')
    if (request.method === 'POST' && !isFromHere(request, url.origin))
      return reject(response, 403, 'ORIGIN_FOREIGN')
    const uid = route.path.exec(target.path)?.[1] ?? ''
    const exchange = { request, response, query: target.query, address }
    // The provider's addresses follow from these; they are what the issuer is, whatever somebody wrote into the request.
    request.headers['x-forwarded-proto'] = url.protocol.slice(0, -1)
    delete request.headers['x-forwarded-host']
    Object.assign(request, { originalUrl: request.url, url: (request.url ?? '').slice(url.pathname.length) })
    await route.answer(exchange, uid)
  }

  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      events.providerFailed(error)
      if (response.headersSent) response.destroy()
      else sendPage(response, problemPage(problemOf('server_error', 500)))
    })
  }
}

const userCodesOf = { network: 'user-code', site: 'user-code-site' } as const

const read: readonly string[] = ['GET', 'HEAD']

const pathBelow = (
  target: string,
  base: string,
): { readonly path: string; readonly query: URLSearchParams } | undefined => {
  if (!target.startsWith(`${base}/`)) return undefined
  const [path = '', ...query] = target.slice(base.length).split('?')
  return { path, query: new URLSearchParams(query.join('?')) }
}

const sendJson = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '60' })
  response.end(JSON.stringify(body))
}
