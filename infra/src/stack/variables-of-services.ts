import type { ServiceName } from './service-entry.ts'

/** What only services read, as docs/settings.md has it: the launcher makes it up for them. */
const readers: Readonly<Record<string, readonly ServiceName[]>> = {
  CORDON_AUTHORIZATION_SERVER: ['proxy'],
  CORDON_BASELINES_FILE: ['scorer'],
  CORDON_BUNDLE_FILE: ['identity', 'engine', 'scorer'],
  CORDON_CALL_KEY_MAX_AGE_MS: ['engine'],
  CORDON_CALL_MAX_MS: ['proxy'],
  CORDON_CALL_TIMEOUT_MS: ['proxy'],
  CORDON_DECISION_KEY_FILE: ['scorer'],
  CORDON_ENGINE_ID: ['engine'],
  CORDON_ENGINE_KEYS_URL: ['engine'],
  CORDON_ENGINE_KEY_FILE: ['engine'],
  CORDON_ENGINE_SOCKET: ['engine', 'proxy'],
  CORDON_EXCHANGES_PER_AGENT: ['identity'],
  CORDON_EXCHANGES_PER_HUMAN: ['identity'],
  CORDON_FINGERPRINT_KEY_FILE: ['identity', 'engine'],
  CORDON_IDENTITY_DATABASE_URL_FILE: ['identity'],
  CORDON_IDENTITY_DATA_DIR: ['identity'],
  CORDON_IDENTITY_HOST: ['identity'],
  CORDON_IDENTITY_HUMANS_FILE: ['identity'],
  CORDON_IDENTITY_KEY_FILE: ['identity'],
  CORDON_IDENTITY_KEY_MAX_AGE_MS: ['identity'],
  CORDON_IDENTITY_PORT: ['identity'],
  CORDON_IDLE_TIMEOUT_MS: ['proxy'],
  CORDON_ISSUER: ['identity', 'engine'],
  CORDON_JWKS_URL: ['engine'],
  CORDON_LOG_SERVER_STDERR: ['proxy'],
  CORDON_OPENING_TIMEOUT_MS: ['identity'],
  CORDON_OPERATOR_SECRET_FILE: ['identity'],
  CORDON_PROXY_HOST: ['proxy'],
  CORDON_PROXY_PORT: ['proxy'],
  CORDON_PROXY_PUBLIC_URL: ['proxy'],
  CORDON_SESSIONS_PER_AGENT: ['identity'],
  CORDON_SESSIONS_PER_HUMAN: ['identity'],
  CORDON_QUARANTINE_MS: ['scorer'],
  CORDON_SCORER_GROUP: ['scorer'],
  CORDON_SERVERS_FILE: ['proxy'],
  CORDON_SESSION_TIMEOUT_MS: ['scorer'],
  CORDON_SPOOL_DIR: ['engine'],
  CORDON_SPOOL_MAX_MIB: ['engine'],
  CORDON_STATE_VERSION: ['scorer'],
  CORDON_TICK_INTERVAL_MS: ['scorer'],
}

/** What `cordon up` has for the same wish. */
const options: Readonly<Record<string, string>> = {
  CORDON_PROXY_PORT: '--port',
  CORDON_SERVERS_FILE: '--servers',
  CORDON_BUNDLE_FILE: '--bundle',
  CORDON_BASELINES_FILE: '--baselines',
}

/** By variable: who reads it, and what to use instead of setting it for a launcher. */
export const variablesOfServices: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(readers).map(([name, services]) => {
    const advice = Object.hasOwn(options, name) ? `: use ${options[name]} of cordon up` : ''
    const readBy = services.map(service => (service === 'identity' ? service : `the ${service}`)).join(', ')
    return [name, `read by ${readBy}; not settable here${advice}`]
  }),
)
