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
writeFileSync(secretFile, 'a-secret-of-some-length\n', { mode: 0o600 })
const databaseUrlFile = join(folder, 'database-url')
writeFileSync(databaseUrlFile, 'postgres://cordon:its-password@127.0.0.1/identity\n', { mode: 0o600 })

const environment = {
  KAFKA_BROKERS: '127.0.0.1:9092',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081',
  CORDON_IDENTITY_PORT: '0',
  CORDON_ISSUER: 'https://identity.example',
  CORDON_OPERATOR_SECRET_FILE: secretFile,
  CORDON_IDENTITY_KEY_FILE: join(folder, 'key'),
  CORDON_FINGERPRINT_KEY_FILE: join(folder, 'fingerprint-key'),
  CORDON_IDENTITY_DATA_DIR: join(folder, 'data'),
  CORDON_BUNDLE_FILE: join(folder, 'bundle.json'),
}

test('reads what it is told, with stated defaults', () => {
  const config = readConfig(environment)
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.operatorSecret, 'a-secret-of-some-length')
  assert.equal(config.keyMaxAgeMs, 7 * 24 * 60 * 60 * 1000)
  assert.equal(config.openingTimeoutMs, 10_000)
  assert.equal(config.humansFile, undefined)
  assert.deepEqual(config.limits, {
    sessionsPerHuman: 100,
    sessionsPerAgent: 2000,
    exchangesPerHuman: 60,
    exchangesPerAgent: 600,
  })
})

test('refuses the secret of operators in a file that others may read', () => {
  const exposed = join(folder, 'exposed')
  writeFileSync(exposed, 'a-secret-of-some-length', { mode: 0o640 })
  assert.throws(() => readConfig({ ...environment, CORDON_OPERATOR_SECRET_FILE: exposed }), {
    message: /CORDON_OPERATOR_SECRET_FILE: secret file .*expected mode 0600, got 0640/,
  })
})

test('refuses to listen beyond this machine', () => {
  for (const host of ['0.0.0.0', '::', '10.0.0.5', 'localhost', '127.0.0.1.example.com'])
    assert.throws(() => readConfig({ ...environment, CORDON_IDENTITY_HOST: host }), {
      message: /CORDON_IDENTITY_HOST: expected a loopback address/,
    })
  for (const host of ['127.0.0.2', '::1'])
    assert.equal(readConfig({ ...environment, CORDON_IDENTITY_HOST: host }).host, host)
})

test('refuses an issuer that has two spellings, or that anybody on the way could answer for', () => {
  for (const issuer of [
    'http://identity.example',
    'https://identity.example/',
    'https://identity.example/cordon',
    'https://Identity.example',
    'https://identity.example:443',
    'identity',
  ])
    assert.throws(
      () => readConfig({ ...environment, CORDON_ISSUER: issuer }),
      { message: /CORDON_ISSUER: expected https:\/\/<host>/ },
      issuer,
    )
  for (const issuer of ['https://identity.example:8443', 'http://127.0.0.1:7010', 'http://[::1]:7010'])
    assert.equal(readConfig({ ...environment, CORDON_ISSUER: issuer }).issuer, issuer)
})

test('wants one database', () => {
  const both = { ...environment, CORDON_IDENTITY_DATABASE_URL_FILE: databaseUrlFile }
  const { CORDON_IDENTITY_DATA_DIR: _folder, ...none } = environment
  assert.throws(() => readConfig(both), { message: /expected one of them, got both/ })
  assert.throws(() => readConfig(none), { message: /expected one of them, got none/ })
  const server = readConfig({ ...none, CORDON_IDENTITY_DATABASE_URL_FILE: databaseUrlFile })
  assert.equal(server.databaseUrl, 'postgres://cordon:its-password@127.0.0.1/identity')
})

test('refuses a secret that can be guessed, without printing it', () => {
  writeFileSync(join(folder, 'short'), 'hunter2', { mode: 0o600 })
  assert.throws(
    () => readConfig({ ...environment, CORDON_OPERATOR_SECRET_FILE: join(folder, 'short') }),
    (error: Error) =>
      /expected at least 16 characters, got 7/.test(error.message) && !/hunter2/.test(error.message),
  )
})

test('is frozen, and neither logs nor errors can print its secrets', () => {
  const { CORDON_IDENTITY_DATA_DIR: _folder, ...rest } = environment
  const config = readConfig({ ...rest, CORDON_IDENTITY_DATABASE_URL_FILE: databaseUrlFile })
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.kafka) && Object.isFrozen(config.kafka.brokers))
  const printed = `${inspect(config, { depth: 9 })}${JSON.stringify(config)}`
  assert.doesNotMatch(printed, /a-secret-of-some-length|its-password/)
})
