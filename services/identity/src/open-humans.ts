import type { IncomingMessage, ServerResponse } from 'node:http'

import { type Clock, uuidV7 } from '@cordon/foundation'
import type { BundleSource, IdentityProvider } from '@cordon/policy'

import type { HttpAnswer } from './adapters/http-answer.ts'
import { createHumanTokens } from './adapters/humans/human-tokens.ts'
import { openHumansFile } from './adapters/humans/humans-file.ts'
import { createIdTokenVerifier, type IdTokenVerifier } from './adapters/humans/id-token-verifier.ts'
import { createProviderKeys } from './adapters/humans/provider-keys.ts'
import { createSecurityEventReceiver } from './adapters/humans/security-event-receiver.ts'
import { humanNameOf, subjectOfName } from './core/humans/human-name.ts'
import { humanOf } from './core/humans/human-of.ts'
import { judgeIdToken } from './core/humans/judge-id-token.ts'
import { judgeSecurityEvent, receiversOf } from './core/humans/judge-security-event.ts'
import { basisOfHuman } from './core/subject-basis.ts'
import { type EmbeddedProvider, openEmbeddedProvider } from './oidc/embedded-provider.ts'
import type { HumanEvents } from './oidc/human-events.ts'
import type { HumanTokens } from './ports.ts'
import type { Database } from './ports/database.ts'
import type { HumanSessionEnded } from './ports/humans.ts'
import { type LogOut, unnamedSession } from './ports/session-store.ts'

/** All of identity that is about humans: who they are, where they sign in, and that they are gone. */
export interface Humans {
  readonly tokens: HumanTokens
  readonly securityEvent: (request: IncomingMessage) => Promise<HttpAnswer>
  /** The embedded provider's own; `undefined` where there is none. */
  readonly pages:
    | {
        readonly path: string
        readonly handler: (request: IncomingMessage, response: ServerResponse) => void
      }
    | undefined
  close(): Promise<void>
}

export const openHumans = async (options: {
  readonly issuer: string
  /** `undefined`: no embedded provider. */
  readonly humansFile: string | undefined
  readonly database: Database
  /** 32 bytes: seals what the embedded provider keeps. */
  readonly sealingKey: Buffer
  readonly clock: Clock
  readonly bundles: BundleSource
  readonly events: HumanEvents
  /** Resolves when it is on record for good. */
  readonly logOut: (event: LogOut) => Promise<void>
}): Promise<Humans> => {
  const { issuer, humansFile, database, sealingKey, clock, events } = options
  const providers = () => options.bundles.current()?.identity.providers ?? {}
  const endings = {
    ended: async (ended: HumanSessionEnded) => {
      for (const logOut of logOutsOf(ended, providers()[ended.issuer], clock.now()))
        await options.logOut(logOut)
    },
  }
  const embedded: EmbeddedProvider | undefined =
    humansFile === undefined
      ? undefined
      : await openEmbeddedProvider({
          issuer,
          database,
          sealingKey,
          accounts: await openHumansFile(humansFile, error => events.humansFileFaulty(error)),
          endings,
          events,
          clock,
        })
  const keys = createProviderKeys(embedded && { [embedded.issuer]: embedded.jwks })
  return {
    tokens: createHumanTokens({
      verifier: counted(createIdTokenVerifier({ keys, clock, rules: { judgeIdToken, humanOf } }), events),
      embedded,
      subjectOf: (provider, human) => subjectOfName(providers()[provider], human),
      rules: { basisOfHuman },
    }),
    securityEvent: createSecurityEventReceiver({
      keys,
      clock,
      database,
      endings,
      receivers: [issuer, `${issuer}/caep`],
      providers,
      rules: { judgeSecurityEvent, receiversOf },
      onOutcome: outcome => events.securityEvent(outcome),
    }),
    pages: embedded && { path: new URL(embedded.issuer).pathname, handler: embedded.handler },
    close: async () => embedded?.close(),
  }
}

const counted = (verifier: IdTokenVerifier, events: HumanEvents): IdTokenVerifier => ({
  verify: async (idToken, providers) => {
    const verified = await verifier.verify(idToken, providers)
    if (!verified.ok) events.idTokenRefused(verified.fault)
    return verified
  },
})

/**
 * Whoever signs in after this is not meant. An event that names all of a human's sessions may have been under way for a day, and
 * its human may have signed in again; a session that is named is over, whatever the provider's clocks say. Where the human is named
 * too, it may be the session of any log-in whose ID token named none (`sid` is optional: OpenID Connect Back-Channel Logout §2.1).
 */
const logOutsOf = (
  { issuer, subject, session, at }: HumanSessionEnded,
  provider: IdentityProvider | undefined,
  now: number,
): readonly LogOut[] => {
  const human = subject === undefined ? null : humanNameOf(provider, subject)
  const happenedAt = Math.min(now, at ?? now)
  const logOut = (humanSession: string | null, revokedAt: number): LogOut => ({
    provider: issuer,
    eventId: uuidV7(now),
    human,
    humanSession,
    revokedAt,
  })
  if (session === undefined) return [logOut(null, happenedAt)]
  return [logOut(session, now), ...(human === null ? [] : [logOut(unnamedSession, happenedAt)])]
}
