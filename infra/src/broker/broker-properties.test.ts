import assert from 'node:assert/strict'
import { test } from 'node:test'

import { brokerProperties } from './broker-properties.ts'

const layout = { port: 1, controllerPort: 2, dataFolder: '/data' }

test('listens on loopback only, and makes no topic by itself', () => {
  const properties = brokerProperties(layout)
  assert.equal(properties['listeners'], 'PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2')
  assert.equal(properties['auto.create.topics.enable'], false)
})

test('overrides win', () => {
  const properties = brokerProperties({ ...layout, overrides: { 'log.cleaner.backoff.ms': '50' } })
  assert.equal(properties['log.cleaner.backoff.ms'], '50')
})
