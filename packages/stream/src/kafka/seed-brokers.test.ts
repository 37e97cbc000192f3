import assert from 'node:assert/strict'
import { test } from 'node:test'

import { nameSeeds } from './seed-brokers.ts'

test('IPv6 addresses get names without colons, others stay', () => {
  const { named, addresses } = nameSeeds([
    'a.example:9092',
    '[::1]:9093',
    '10.0.0.1:9094',
    '[2001:db8::2]:9095',
  ])
  assert.deepEqual(named, ['a.example:9092', 'seed-1:9093', '10.0.0.1:9094', 'seed-3:9095'])
  assert.deepEqual(Object.fromEntries(addresses), { 'seed-1': '::1', 'seed-3': '2001:db8::2' })
})
