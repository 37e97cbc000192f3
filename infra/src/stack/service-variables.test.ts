import assert from 'node:assert/strict'
import { test } from 'node:test'

import { serviceVariables, type StackPlan } from './service-variables.ts'

const plan: StackPlan = {
  environment: { CORDON_LOG_LEVEL: 'debug', HOME: '/home/me' },
  backbone: { variables: { KAFKA_BROKERS: 'b:1', CORDON_KAFKA_SASL_PASSWORD: 'secret' } },
  tools: { bundleFile: '/bundle.json', baselinesFile: '/baselines.json', decisionKeyFile: '/keys/decision' },
  humans: undefined,
  files: {
    keysFolder: '/keys',
    operatorSecretFile: '/keys/secret',
    operatorSecret: 's',
    identityKeyFile: '/keys/identity',
    identityDataFolder: '/identity',
    fingerprintKeyFile: '/keys/fingerprint',
    engineKeyFile: '/keys/engine',
    engineSocket: '/engine.sock',
    spoolFolder: '/spool',
  },
  addresses: { identityPort: 1, proxyPort: 2, serversFile: '/servers.json' },
  variables: { scorer: { CORDON_TICK_INTERVAL_MS: '0' } },
}

test('the proxy, which parses hostile bytes, gets neither Kafka nor a key', () => {
  assert.deepEqual(serviceVariables(plan).proxy, {
    CORDON_LOG_LEVEL: 'debug',
    CORDON_PROXY_PORT: '2',
    CORDON_ENGINE_SOCKET: '/engine.sock',
    CORDON_SERVERS_FILE: '/servers.json',
    CORDON_AUTHORIZATION_SERVER: 'http://127.0.0.1:1',
  })
})

test('engines ask the issuer of the tokens for its keys', () => {
  const { engine, identity } = serviceVariables(plan)
  assert.equal(engine['CORDON_ISSUER'], identity['CORDON_ISSUER'])
  assert.equal(engine['CORDON_JWKS_URL'], 'http://127.0.0.1:1/.well-known/jwks.json')
})

test('identity has an embedded provider where there are humans', () => {
  assert.equal(serviceVariables(plan).identity['CORDON_IDENTITY_HUMANS_FILE'], undefined)
  const { identity } = serviceVariables({ ...plan, humans: { humansFile: '/keys/humans.json' } })
  assert.equal(identity['CORDON_IDENTITY_HUMANS_FILE'], '/keys/humans.json')
})

test('settings of single services win', () => {
  const { scorer } = serviceVariables(plan)
  assert.equal(scorer['CORDON_TICK_INTERVAL_MS'], '0')
  assert.equal(scorer['KAFKA_BROKERS'], 'b:1')
})
