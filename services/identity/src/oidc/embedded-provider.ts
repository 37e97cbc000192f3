import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Clock } from '@cordon/foundation'

import { createDatabaseAttempts } from '../adapters/humans/database-attempts.ts'
import { type OidcKeys, readOidcKeys } from '../adapters/humans/database-oidc-keys.ts'
import { createDatabaseOidcRecords } from '../adapters/humans/database-oidc-records.ts'
import { takeAttempt, takeBackAttempt } from '../core/humans/attempt-limit.ts'
import { planKeys } from '../core/humans/key-rotation.ts'
import { networksOf, networksPerSite } from '../core/humans/networks-of.ts'
import type { Database } from '../ports/database.ts'
import type { Accounts, HumanSessionEndings } from '../ports/humans.ts'
import { createDevicePages } from './device-pages.ts'
import type { HumanEvents } from './human-events.ts'
import { createInteractionPages } from './interaction-pages.ts'
import { createLogOut } from './log-out.ts'
import { createCsrfTokens } from './page-request.ts'
import { createProviderRoutes } from './provider-routes.ts'
import { connectClientId, embeddedIssuerOf } from './provider-entry.ts'
import { createRequestBudget } from './request-budget.ts'
import { createServingProvider, type ServingProvider } from './serving-provider.ts'
import { createSignIn } from './sign-in.ts'

/** How often keys are looked at: much less than the day for which a new one only stands by. */
const keyCheckMs = 60 * 60_000
const sweepMs = 5 * 60_000

/** The OpenID provider that comes with identity. */
export interface EmbeddedProvider {
  /** `iss` of its ID tokens: `<issuer>/oidc`. */
  readonly issuer: string
  /** Answers everything below `<issuer>/oidc`; the request's URL still has the whole path. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void
  /** The public keys, the same object until they change: for a verifier in this process. */
  readonly jwks: () => { readonly keys: readonly object[] }
  /** Whether the human's session is still there, and the human in the file. */
  isSignedIn(subject: string, sid: string): Promise<boolean>
  /** Reads the keys anew and makes the next one where it is due; runs by itself each hour. */
  refreshKeys(): Promise<void>
  close(): Promise<void>
}

/** Opens it; resolves when it can answer. The database has to have `humanMigrations`. */
export const openEmbeddedProvider = async (options: {
  /** Public URL of identity: https, or http on a loopback address. */
  readonly issuer: string
  readonly database: Database
  /** 32 bytes: what the provider keeps is sealed with it. */
  readonly sealingKey: Buffer
  readonly accounts: Accounts
  /** Told before a log-out is answered. */
  readonly endings: HumanSessionEndings
  readonly events: HumanEvents
  readonly clock: Clock
}): Promise<EmbeddedProvider> => {
  const { database, sealingKey, accounts, endings, events, clock } = options
  const issuer = embeddedIssuerOf(options.issuer)
  const url = new URL(issuer)
  const isHttps = requireSafe(url)
  const addressOf = isHttps ? forwardedAddressOf : peerAddressOf
  const records = createDatabaseOidcRecords(database, clock, sealingKey, { networksOf, networksPerSite })
  const attempts = createDatabaseAttempts(database, clock, { takeAttempt, takeBackAttempt })
  const devicePages = createDevicePages({ action: `${url.pathname}/device`, addressOf })
  const create = (keys: OidcKeys): ServingProvider =>
    createServingProvider({ issuer, url, isHttps, keys, records, accounts, devicePages, events })

  let serving = create(await readOidcKeys(database, clock, planKeys, sealingKey))
  const refreshKeys = async (): Promise<void> => {
    const keys = await readOidcKeys(database, clock, planKeys, sealingKey)
    if (JSON.stringify(keys) === JSON.stringify(serving.keys)) return
    serving = create(keys)
    events.keysChanged(keys.signing[0]?.kid ?? '')
  }

  const csrf = createCsrfTokens(() => serving.keys.cookies)
  const page = {
    basePath: url.pathname,
    origin: url.origin,
    isHttps,
    issuer,
    accounts,
    csrf,
    events,
    addressOf,
  }
  const handler = createProviderRoutes({
    url,
    isHttps,
    serving: () => serving,
    records,
    attempts,
    devicePages,
    interactions: createInteractionPages({
      ...page,
      signIn: createSignIn({ accounts, attempts, events }),
    }),
    logOut: createLogOut({ ...page, endings }),
    budget: createRequestBudget(clock),
    events,
    addressOf,
  })
  const timers = [every(keyCheckMs, refreshKeys, events), every(sweepMs, async () => records.sweep(), events)]
  return {
    issuer,
    handler,
    jwks: () => serving.publicKeys,
    isSignedIn: async (subject, sid) =>
      (await accounts.find(subject)) !== undefined && records.isSignedIn(subject, connectClientId, sid),
    refreshKeys,
    close: async () => {
      await Promise.all(timers.map(async stop => stop()))
    },
  }
}

/** @throws Error where anybody on the way could read passwords */
const requireSafe = ({ protocol, hostname }: URL): boolean => {
  if (protocol === 'https:') return true
  if (protocol === 'http:' && (hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname))) return false
  throw new Error(
    `issuer: expected https, or http on a loopback address for humans to sign in, got ${protocol}//${hostname}`,
  )
}

const peerAddressOf = (request: IncomingMessage): string => request.socket.remoteAddress ?? 'unknown'

// TLS ends at a proxy on this machine, which appends whom it talks to; what stands before that the client wrote itself.
const forwardedAddressOf = (request: IncomingMessage): string => {
  const forwarded = request.headers['x-forwarded-for']
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)?.split(',').at(-1)?.trim()
  return last === undefined || last === '' ? peerAddressOf(request) : last
}

const every = (periodMs: number, run: () => Promise<void>, events: HumanEvents): (() => Promise<void>) => {
  let running = Promise.resolve()
  const timer = setInterval(() => {
    running = run().catch((error: unknown) => events.providerFailed(error))
  }, periodMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}
