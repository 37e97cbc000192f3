import type { IncomingMessage } from 'node:http'

import type { Clock } from '@cordon/foundation'
import type { IdentityProvider } from '@cordon/policy'
import type { Telemetry } from '@cordon/telemetry'

import type { HttpAnswer } from '../adapters/http-answer.ts'
import { openHumansFile } from '../adapters/humans/humans-file.ts'
import { createIdTokenVerifier, type IdTokenVerifier } from '../adapters/humans/id-token-verifier.ts'
import { createProviderKeys } from '../adapters/humans/provider-keys.ts'
import { createSecurityEventReceiver } from '../adapters/humans/security-event-receiver.ts'
import { type Human, humanOf } from '../core/humans/human-of.ts'
import { judgeIdToken } from '../core/humans/judge-id-token.ts'
import { judgeSecurityEvent, receiversOf } from '../core/humans/judge-security-event.ts'
import type { Database } from '../ports/database.ts'
import type { HumanSessionEndings } from '../ports/humans.ts'
import { type EmbeddedProvider, openEmbeddedProvider } from './embedded-provider.ts'
import { createHumanEvents } from './human-events.ts'

/** All that the rest of identity needs of humans. */
export interface Humans {
  /** Answers what comes below `/oidc`; absent where there is no humans file. */
  readonly embedded: EmbeddedProvider | undefined
  readonly verifier: IdTokenVerifier
  /** Answers `POST /caep` (RFC 8935). */
  readonly receiveSecurityEvent: (request: IncomingMessage) => Promise<HttpAnswer>
  /**
   * Whether the session that a human signed in with is still there, as far as this side can know: of external providers it is taken to be,
   * until they say otherwise.
   */
  isSignedIn(human: Pick<Human, 'issuer' | 'human' | 'humanSession'>): Promise<boolean>
  close(): Promise<void>
}

/** Opens what verifies humans, and the embedded provider where there is a humans file. */
export const openHumans = async (options: {
  /** Public URL of identity. */
  readonly issuer: string
  /** It has to have `humanMigrations`. */
  readonly database: Database
  readonly humansFile: string | undefined
  readonly endings: HumanSessionEndings
  /** Of the bundle in force, asked at each use. */
  readonly providers: () => Readonly<Record<string, IdentityProvider>>
  readonly telemetry: Telemetry
  readonly clock: Clock
}): Promise<Humans> => {
  const { issuer, database, humansFile, endings, providers, clock } = options
  const events = createHumanEvents(options.telemetry)
  const embedded =
    humansFile === undefined
      ? undefined
      : await openEmbeddedProvider({
          issuer,
          database,
          accounts: await openHumansFile(humansFile, error => events.humansFileFaulty(error)),
          endings,
          events,
          clock,
        })
  // Its own keys are at hand: fetched from itself they would have to come through whatever stands in front of it.
  const keys = createProviderKeys(embedded === undefined ? {} : { [embedded.issuer]: embedded.jwks })
  const verifier = createIdTokenVerifier({ keys, clock, rules: { judgeIdToken, humanOf } })
  return {
    embedded,
    verifier: {
      verify: async (idToken, known) => {
        const outcome = await verifier.verify(idToken, known)
        if (!outcome.ok) events.idTokenRefused(outcome.fault)
        return outcome
      },
    },
    receiveSecurityEvent: createSecurityEventReceiver({
      keys,
      clock,
      database,
      endings,
      receivers: [issuer, `${issuer}/caep`],
      providers,
      rules: { judgeSecurityEvent, receiversOf },
      onOutcome: outcome => events.securityEvent(outcome),
    }),
    isSignedIn: async human => {
      if (human.issuer !== embedded?.issuer) return true
      return human.humanSession !== undefined && embedded.isSignedIn(human.human, human.humanSession)
    },
    close: async () => embedded?.close(),
  }
}
