import type { EngineId } from '@cordon/foundation'
import { parseEngineId, uuidV7 } from '@cordon/foundation'
import type { Environment, KafkaSettings, RegistrySettings, ServiceSettings } from '@cordon/settings'
import {
  kafkaSettings,
  kafkaVariables,
  milliseconds,
  readSettings,
  registrySettings,
  registryVariables,
  serviceSettings,
  serviceVariables,
} from '@cordon/settings'
import { z } from 'zod'

/** What the engine can be told. */
export interface EngineConfig extends ServiceSettings {
  readonly kafka: KafkaSettings
  readonly registry: RegistrySettings
  readonly socketPath: string
  readonly engineId: EngineId
  readonly bundleFile: string
  readonly jwksUrl: string
  readonly issuer: string
  readonly fingerprintKeyFile: string
  /** What says which keys sign downstream tokens; the bundle names its public half. */
  readonly engineKeyFile: string
  readonly callKeyMaxAgeMs: number
  /** Where identity takes what engines say of their keys. */
  readonly engineKeysUrl: string
  /** Of this engine alone; what it holds outlives the process. */
  readonly spoolFolder: string
  readonly spoolMaxBytes: number
}

/** A key that leaks without anybody noticing is of use for this long. */
const defaultCallKeyMaxAgeMs = 7 * 24 * 60 * 60_000
/** 512 MiB: some 700,000 records, minutes of a busy engine. */
const defaultSpoolMebibytes = 512

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)

/** Whoever can change the keys on their way can open any session. */
const isTrustworthy = (text: string): boolean => {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
}

const schema = z.object({
  ...serviceVariables,
  ...kafkaVariables,
  ...registryVariables,
  CORDON_ENGINE_SOCKET: z.string().min(1),
  CORDON_ENGINE_ID: z
    .string()
    .regex(/^[\w.-]{1,64}$/, { error: 'expected at most 64 letters, digits and . _ -' })
    .optional(),
  CORDON_BUNDLE_FILE: z.string().min(1),
  CORDON_JWKS_URL: z.string().refine(isTrustworthy, { error: 'expected https, or http on loopback' }),
  CORDON_ISSUER: z.string().min(1),
  CORDON_FINGERPRINT_KEY_FILE: z.string().min(1),
  CORDON_ENGINE_KEY_FILE: z.string().min(1),
  CORDON_ENGINE_KEYS_URL: z
    .string()
    .refine(isTrustworthy, { error: 'expected https, or http on loopback' })
    .optional(),
  CORDON_CALL_KEY_MAX_AGE_MS: milliseconds().default(defaultCallKeyMaxAgeMs),
  CORDON_SPOOL_DIR: z.string().min(1),
  CORDON_SPOOL_MAX_MIB: z.coerce.number().int().min(8).default(defaultSpoolMebibytes),
})

/** @throws SettingsError with every problem at once */
export const readConfig = (env: Environment): EngineConfig => {
  const settings = readSettings(schema, env, { service: 'engine' })
  return {
    ...serviceSettings(settings),
    kafka: kafkaSettings(settings, { service: 'engine' }),
    registry: registrySettings(settings),
    socketPath: settings.CORDON_ENGINE_SOCKET,
    // A new name for each run: verdicts for calls of the one before are nobody's, and its sequences do not go on.
    engineId: parseEngineId(settings.CORDON_ENGINE_ID ?? `engine-${uuidV7(Date.now())}`),
    bundleFile: settings.CORDON_BUNDLE_FILE,
    jwksUrl: settings.CORDON_JWKS_URL,
    issuer: settings.CORDON_ISSUER,
    engineKeyFile: settings.CORDON_ENGINE_KEY_FILE,
    engineKeysUrl: settings.CORDON_ENGINE_KEYS_URL ?? new URL('/engines/keys', settings.CORDON_JWKS_URL).href,
    callKeyMaxAgeMs: settings.CORDON_CALL_KEY_MAX_AGE_MS,
    fingerprintKeyFile: settings.CORDON_FINGERPRINT_KEY_FILE,
    spoolFolder: settings.CORDON_SPOOL_DIR,
    spoolMaxBytes: settings.CORDON_SPOOL_MAX_MIB * 1024 * 1024,
  }
}
