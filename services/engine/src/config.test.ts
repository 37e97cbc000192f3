import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readConfig } from './config.ts'

const env = {
  KAFKA_BROKERS: 'broker.example:9092',
  SCHEMA_REGISTRY_URL: 'https://registry.example',
  CORDON_ENGINE_SOCKET: 'engine.sock',
  CORDON_BUNDLE_FILE: 'bundle.json',
  CORDON_JWKS_URL: 'http://127.0.0.1:7001/.well-known/jwks.json',
  CORDON_ISSUER: 'https://identity.example',
  CORDON_FINGERPRINT_KEY_FILE: 'fingerprint.key',
  CORDON_ENGINE_KEY_FILE: 'engine.key',
  CORDON_SPOOL_DIR: 'spool',
}

test('every run has a name of its own, unless it is given one', () => {
  assert.notEqual(readConfig(env).engineId, readConfig(env).engineId)
  assert.equal(readConfig({ ...env, CORDON_ENGINE_ID: 'engine-a' }).engineId, 'engine-a')
})

test('refuses keys that could be changed on their way', () => {
  for (const url of [
    'http://identity.example/jwks.json',
    'http://127.0.0.1.evil.example/',
    'ftp://localhost/',
    'jwks',
  ]) {
    assert.throws(
      () => readConfig({ ...env, CORDON_JWKS_URL: url }),
      /CORDON_JWKS_URL: expected https, or http on loopback/,
    )
  }
  for (const url of ['https://identity.example/jwks.json', 'http://localhost:1/', 'http://[::1]:1/']) {
    assert.equal(readConfig({ ...env, CORDON_JWKS_URL: url }).jwksUrl, url)
  }
})
