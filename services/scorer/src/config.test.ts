import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readConfig } from './config.ts'

const environment = {
  KAFKA_BROKERS: 'broker.example:9092',
  SCHEMA_REGISTRY_URL: 'https://registry.example',
  CORDON_BUNDLE_FILE: 'bundle.json',
  CORDON_BASELINES_FILE: 'baselines.json',
  CORDON_DECISION_KEY_FILE: 'decision-key',
}

test('reads what it is told, with stated defaults', () => {
  const config = readConfig(environment)
  assert.deepEqual(config.kafka.brokers, ['broker.example:9092'])
  assert.equal(config.registry.url, 'https://registry.example')
  assert.equal(config.bundleFile, 'bundle.json')
  assert.equal(config.baselinesFile, 'baselines.json')
  assert.equal(config.group, 'scorer')
  assert.equal(config.stateVersion, 11)
  assert.equal(config.quarantineMs, 86_400_000)
  assert.equal(config.tickIntervalMs, 1000)
  assert.equal(config.sessionTimeoutMs, 6000)
})

test('lists everything that is missing at once', () => {
  assert.throws(
    () => readConfig({}),
    ({ message }: Error) => Object.keys(environment).every(name => message.includes(name)),
  )
})

/**
 * @input a state version that no release of Cordon wrote
 * @behaviour the scorer ends at its start: `CORDON_STATE_VERSION: expected 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 or 11`
 * @counter none: it does not start
 */
test('refuses to write a state version that nobody knows', () => {
  assert.equal(readConfig({ ...environment, CORDON_STATE_VERSION: '1' }).stateVersion, 1)
  for (const version of ['0', '12', 'two', '1.0'])
    assert.throws(
      () => readConfig({ ...environment, CORDON_STATE_VERSION: version }),
      /CORDON_STATE_VERSION: expected 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 or 11/,
    )
})

test('refuses a variable that it does not know', () => {
  assert.throws(
    () => readConfig({ ...environment, CORDON_TICK_INTERVAL: '0' }),
    /CORDON_TICK_INTERVAL\b.*CORDON_TICK_INTERVAL_MS/s,
  )
})

test('is frozen', () => {
  assert.ok(Object.isFrozen(readConfig(environment)))
})
