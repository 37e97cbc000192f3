import { isIPv4 } from 'node:net'

import {
  count,
  type Environment,
  type KafkaSettings,
  kafkaSettings,
  kafkaVariables,
  milliseconds,
  ownerFileText,
  port,
  readSettings,
  type RegistrySettings,
  registrySettings,
  registryVariables,
  sealSettings,
  SettingsError,
  type ServiceSettings,
  serviceSettings,
  serviceVariables,
} from '@cordon/settings'
import { z } from 'zod'

/** What identity can be told. */
export interface IdentityConfig extends ServiceSettings {
  readonly kafka: KafkaSettings
  readonly registry: RegistrySettings
  /** A loopback address. */
  readonly host: string
  readonly port: number
  /** `iss` of every token and its public URL, without a slash at the end. */
  readonly issuer: string
  /** What operators have to show. */
  readonly operatorSecret: string
  /** What signing keys are sealed with; written when it is missing. */
  readonly keyFile: string
  readonly keyMaxAgeMs: number
  /** What humans asked for becomes fingerprints under it: the same as the engines'. */
  readonly fingerprintKeyFile: string
  /** Of the embedded database; `undefined`: there is a server. */
  readonly dataFolder: string | undefined
  /** Of a PostgreSQL server; it carries a password. */
  readonly databaseUrl: string | undefined
  /** Who may sign in at the embedded OpenID provider; `undefined`: there is none. */
  readonly humansFile: string | undefined
  readonly bundleFile: string
  readonly openingTimeoutMs: number
  /** Of one human, and of one agent for all its humans. */
  readonly limits: {
    readonly sessionsPerHuman: number
    readonly sessionsPerAgent: number
    readonly exchangesPerHuman: number
    readonly exchangesPerAgent: number
  }
}

const dayMs = 24 * 60 * 60_000

/** A scorer answers in milliseconds; a takeover after a crash takes its session time-out of 6 s and little more. */
const defaultOpeningTimeoutMs = 10_000
/** A key that leaks without anybody noticing is of use for this long. */
const defaultKeyMaxAgeMs = 7 * dayMs
/** A human at a desk has some agents at work, each with some sub-agents; the proxy has places for five such humans. */
const defaultSessionsPerHuman = 100
/** A company's most used agent, once for everybody at work. */
const defaultSessionsPerAgent = 2000
/** One a second: no human starts work faster, and who has their ID token takes nobody else's turn. */
const defaultExchangesPerHuman = 60
const defaultExchangesPerAgent = 600
/** Below this a secret can be guessed. */
const shortestSecret = 16

const isLoopback = (host: string): boolean => host === '::1' || (isIPv4(host) && host.startsWith('127.'))

// Proofs and tokens name it to the letter, so that one spelling is allowed only.
const isIssuer = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.origin !== text) return false
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1')))
  )
}

const schema = z.object({
  ...serviceVariables,
  ...kafkaVariables,
  ...registryVariables,
  CORDON_IDENTITY_HOST: z
    .string()
    .refine(isLoopback, { error: 'expected a loopback address, because TLS ends in front of identity' })
    .default('127.0.0.1'),
  CORDON_IDENTITY_PORT: port(),
  CORDON_ISSUER: z.string().refine(isIssuer, {
    error: 'expected https://<host>, or http on a loopback address, without path and slash at the end',
  }),
  CORDON_OPERATOR_SECRET_FILE: ownerFileText(),
  CORDON_IDENTITY_KEY_FILE: z.string().min(1),
  CORDON_FINGERPRINT_KEY_FILE: z.string().min(1),
  CORDON_IDENTITY_KEY_MAX_AGE_MS: milliseconds().default(defaultKeyMaxAgeMs),
  CORDON_IDENTITY_DATA_DIR: z.string().min(1).optional(),
  CORDON_IDENTITY_DATABASE_URL_FILE: ownerFileText().optional(),
  CORDON_IDENTITY_HUMANS_FILE: z.string().min(1).optional(),
  CORDON_BUNDLE_FILE: z.string().min(1),
  CORDON_OPENING_TIMEOUT_MS: milliseconds().default(defaultOpeningTimeoutMs),
  CORDON_SESSIONS_PER_HUMAN: count().default(defaultSessionsPerHuman),
  CORDON_SESSIONS_PER_AGENT: count().default(defaultSessionsPerAgent),
  CORDON_EXCHANGES_PER_HUMAN: count().default(defaultExchangesPerHuman),
  CORDON_EXCHANGES_PER_AGENT: count().default(defaultExchangesPerAgent),
})

/** @throws SettingsError that lists every problem */
export const readConfig = (environment: Environment): IdentityConfig => {
  const parsed = readSettings(schema, environment, { service: 'identity' })
  const operatorSecret = parsed.CORDON_OPERATOR_SECRET_FILE.trim()
  const dataFolder = parsed.CORDON_IDENTITY_DATA_DIR
  const databaseUrl = parsed.CORDON_IDENTITY_DATABASE_URL_FILE?.trim()
  const problems = [
    ...(operatorSecret.length < shortestSecret
      ? [
          `CORDON_OPERATOR_SECRET_FILE: expected at least ${shortestSecret} characters, got ${operatorSecret.length}`,
        ]
      : []),
    ...((dataFolder === undefined) === (databaseUrl === undefined)
      ? [
          `CORDON_IDENTITY_DATA_DIR, CORDON_IDENTITY_DATABASE_URL_FILE: expected one of them, got ${dataFolder === undefined ? 'none' : 'both'}`,
        ]
      : []),
  ]
  if (problems.length > 0) throw new SettingsError('identity', problems)
  const config = {
    ...serviceSettings(parsed),
    kafka: kafkaSettings(parsed, { service: 'identity' }),
    registry: registrySettings(parsed),
    host: parsed.CORDON_IDENTITY_HOST,
    port: parsed.CORDON_IDENTITY_PORT,
    issuer: parsed.CORDON_ISSUER,
    operatorSecret,
    keyFile: parsed.CORDON_IDENTITY_KEY_FILE,
    fingerprintKeyFile: parsed.CORDON_FINGERPRINT_KEY_FILE,
    keyMaxAgeMs: parsed.CORDON_IDENTITY_KEY_MAX_AGE_MS,
    dataFolder,
    databaseUrl,
    humansFile: parsed.CORDON_IDENTITY_HUMANS_FILE,
    bundleFile: parsed.CORDON_BUNDLE_FILE,
    openingTimeoutMs: parsed.CORDON_OPENING_TIMEOUT_MS,
    limits: {
      sessionsPerHuman: parsed.CORDON_SESSIONS_PER_HUMAN,
      sessionsPerAgent: parsed.CORDON_SESSIONS_PER_AGENT,
      exchangesPerHuman: parsed.CORDON_EXCHANGES_PER_HUMAN,
      exchangesPerAgent: parsed.CORDON_EXCHANGES_PER_AGENT,
    },
  }
  return sealSettings(config, ['operatorSecret', 'databaseUrl'])
}
