import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkLauncherEnvironment } from './launcher-environment.ts'

const refused = (environment: Readonly<Record<string, string>>, ...problems: string[]): void =>
  assert.throws(() => checkLauncherEnvironment(environment), { code: 'SETTINGS_INVALID', problems })

test('a variable that nobody would read is refused, and the one that was meant is named', () => {
  refused(
    { PATH: '/bin', CORDON_TOPIC_PREFX: 'typo-', CORDON_CACHE_DIR: '/cache' },
    'CORDON_TOPIC_PREFX: expected a known variable; did you mean CORDON_TOPIC_PREFIX?',
  )
  // A service's own setting, which the launcher makes up.
  refused(
    { CORDON_ISSUER: 'https://mine.example' },
    'CORDON_ISSUER: read by identity, the engine; not settable here',
  )
  refused(
    { CORDON_PROXY_PORT: '9000' },
    'CORDON_PROXY_PORT: read by the proxy; not settable here: use --port of cordon up',
  )
  refused(
    { CORDON_WHATEVER: '1' },
    'CORDON_WHATEVER: expected a known variable; this service reads no such variable',
  )
})

test('a value of the wrong form is refused before anything starts, also where nobody may need it', () => {
  refused(
    { CORDON_KAFKA_TLS: 'yes', CORDON_LOG_LEVEL: 'loud', SCHEMA_REGISTRY_URL: 'localhost' },
    'CORDON_KAFKA_TLS: expected true or false, got "yes"',
    'SCHEMA_REGISTRY_URL: expected an http or https URL, got "localhost"',
    'CORDON_LOG_LEVEL: expected one of "debug"|"info"|"warn"|"error", got "loud"',
  )
  refused(
    { KAFKA_BROKERS: 'broker' },
    'KAFKA_BROKERS: expected host:port, several with commas between them, got "broker"',
  )
})

test('what contradicts each other is refused where a cluster is used', () => {
  const half = { CORDON_KAFKA_SASL_USERNAME: 'me' }
  checkLauncherEnvironment(half)
  refused(
    { ...half, KAFKA_BROKERS: 'b:9092' },
    'CORDON_KAFKA_SASL_MECHANISM, _USERNAME, _PASSWORD: expected all three, got 1',
  )
  refused(
    { SCHEMA_REGISTRY_URL: 'http://registry.example', CORDON_REGISTRY_PASSWORD: 'secret' },
    'CORDON_REGISTRY_USERNAME, CORDON_REGISTRY_PASSWORD: expected both, got one',
  )
})

test('what is passed on to services is known', () => {
  checkLauncherEnvironment({
    KAFKA_BROKERS: 'broker:9092',
    CORDON_TOPIC_PREFIX: 'mine-',
    CORDON_KAFKA_TLS: 'true',
    CORDON_LOG_LEVEL: 'debug',
    CORDON_CACHE_DIR: '',
  })
})
