import assert from 'node:assert/strict'
import { test } from 'node:test'

import { serviceVariables } from './service-variables.ts'

const options = {
  partitions: 1,
  bundleFile: '/bundle.json',
  baselinesFile: '/baselines.json',
  toolServers: {},
  logLevel: 'debug',
  variables: { scorer: { CORDON_TICK_INTERVAL_MS: '0' } },
} as const
const backbone = { variables: { KAFKA_BROKERS: 'b:1', CORDON_KAFKA_SASL_PASSWORD: 'secret' } }
const files = {
  startupSecretFile: '/keys/secret',
  startupSecret: 's',
  identityKeyFile: '/keys/identity.pem',
  fingerprintKeyFile: '/keys/fingerprint',
  engineSocket: '/engine.sock',
}
const addresses = { identityPort: 1, proxyPort: 2, serversFile: '/servers.json' }

test('the proxy, which parses hostile bytes, gets neither Kafka nor a key', () => {
  assert.deepEqual(serviceVariables(options, backbone, files, addresses).proxy, {
    CORDON_LOG_LEVEL: 'debug',
    CORDON_PROXY_PORT: '2',
    CORDON_ENGINE_SOCKET: '/engine.sock',
    CORDON_SERVERS_FILE: '/servers.json',
  })
})

test('engines ask the issuer of the tokens for its keys', () => {
  const { engine, identity } = serviceVariables(options, backbone, files, addresses)
  assert.equal(engine['CORDON_ISSUER'], identity['CORDON_ISSUER'])
  assert.equal(engine['CORDON_JWKS_URL'], 'http://127.0.0.1:1/.well-known/jwks.json')
})

test('settings of single services win', () => {
  const { scorer } = serviceVariables(options, backbone, files, addresses)
  assert.equal(scorer['CORDON_TICK_INTERVAL_MS'], '0')
  assert.equal(scorer['KAFKA_BROKERS'], 'b:1')
})
