import { isIPv4 } from 'node:net'

import {
  type Environment,
  type KafkaSettings,
  kafkaSettings,
  kafkaVariables,
  milliseconds,
  port,
  readSettings,
  type RegistrySettings,
  registrySettings,
  registryVariables,
  sealSettings,
  secretFileText,
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
  /** `iss` of every token. */
  readonly issuer: string
  /** What whoever opens sessions has to show. */
  readonly startupSecret: string
  /** PKCS #8 PEM of the signing key; written when it is missing. */
  readonly keyFile: string
  readonly bundleFile: string
  readonly sessionLifeMs: number
  readonly openingTimeoutMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A working day: work that goes on tomorrow is another session. */
const defaultSessionLifeMs = 8 * hourMs
/** A scorer answers in milliseconds; a takeover after a crash takes its session time-out of 6 s and little more. */
const defaultOpeningTimeoutMs = 10_000
/** Below this a secret can be guessed. */
const shortestSecret = 16

const isLoopback = (host: string): boolean => host === '::1' || (isIPv4(host) && host.startsWith('127.'))

const schema = z.object({
  ...serviceVariables,
  ...kafkaVariables,
  ...registryVariables,
  CORDON_IDENTITY_HOST: z
    .string()
    .refine(isLoopback, { error: 'expected a loopback address, because identity trusts this machine only' })
    .default('127.0.0.1'),
  CORDON_IDENTITY_PORT: port(),
  CORDON_ISSUER: z.string().min(1),
  CORDON_STARTUP_SECRET_FILE: secretFileText(),
  CORDON_IDENTITY_KEY_FILE: z.string().min(1),
  CORDON_BUNDLE_FILE: z.string().min(1),
  CORDON_SESSION_LIFE_MS: milliseconds().default(defaultSessionLifeMs),
  CORDON_OPENING_TIMEOUT_MS: milliseconds().default(defaultOpeningTimeoutMs),
})

/** @throws SettingsError that lists every problem */
export const readConfig = (environment: Environment): IdentityConfig => {
  const parsed = readSettings(schema, environment, { service: 'identity' })
  const startupSecret = parsed.CORDON_STARTUP_SECRET_FILE.trim()
  if (startupSecret.length < shortestSecret)
    throw new SettingsError('identity', [
      `CORDON_STARTUP_SECRET_FILE: expected at least ${shortestSecret} characters, got ${startupSecret.length}`,
    ])
  const config = {
    ...serviceSettings(parsed),
    kafka: kafkaSettings(parsed, { service: 'identity' }),
    registry: registrySettings(parsed),
    host: parsed.CORDON_IDENTITY_HOST,
    port: parsed.CORDON_IDENTITY_PORT,
    issuer: parsed.CORDON_ISSUER,
    startupSecret,
    keyFile: parsed.CORDON_IDENTITY_KEY_FILE,
    bundleFile: parsed.CORDON_BUNDLE_FILE,
    sessionLifeMs: parsed.CORDON_SESSION_LIFE_MS,
    openingTimeoutMs: parsed.CORDON_OPENING_TIMEOUT_MS,
  }
  return sealSettings(config, ['startupSecret'])
}
