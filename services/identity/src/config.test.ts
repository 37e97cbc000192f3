import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { inspect } from 'node:util'

import { readConfig } from './config.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-identity-'))
after(() => rmSync(folder, { recursive: true }))
const secretFile = join(folder, 'secret')
writeFileSync(secretFile, 'a-secret-of-some-length\n')

const environment = {
  KAFKA_BROKERS: '127.0.0.1:9092',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081',
  CORDON_IDENTITY_PORT: '0',
  CORDON_ISSUER: 'https://identity.example',
  CORDON_STARTUP_SECRET_FILE: secretFile,
  CORDON_IDENTITY_KEY_FILE: join(folder, 'key.pem'),
  CORDON_BUNDLE_FILE: join(folder, 'bundle.json'),
}

test('reads what it is told, with stated defaults', () => {
  const config = readConfig(environment)
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.startupSecret, 'a-secret-of-some-length')
  assert.equal(config.sessionLifeMs, 8 * 60 * 60 * 1000)
  assert.equal(config.openingTimeoutMs, 10_000)
})

test('refuses to listen beyond this machine', () => {
  for (const host of ['0.0.0.0', '::', '10.0.0.5', 'localhost', '127.0.0.1.example.com'])
    assert.throws(() => readConfig({ ...environment, CORDON_IDENTITY_HOST: host }), {
      message: /CORDON_IDENTITY_HOST: expected a loopback address/,
    })
  for (const host of ['127.0.0.2', '::1'])
    assert.equal(readConfig({ ...environment, CORDON_IDENTITY_HOST: host }).host, host)
})

test('refuses a secret that can be guessed, without printing it', () => {
  writeFileSync(join(folder, 'short'), 'hunter2')
  assert.throws(
    () => readConfig({ ...environment, CORDON_STARTUP_SECRET_FILE: join(folder, 'short') }),
    (error: Error) =>
      /expected at least 16 characters, got 7/.test(error.message) && !/hunter2/.test(error.message),
  )
})

test('is frozen, and neither logs nor errors can print its secret', () => {
  const config = readConfig(environment)
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.kafka) && Object.isFrozen(config.kafka.brokers))
  assert.doesNotMatch(`${inspect(config, { depth: 9 })}${JSON.stringify(config)}`, /a-secret-of-some-length/)
})
