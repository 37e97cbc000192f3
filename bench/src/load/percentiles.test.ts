import assert from 'node:assert/strict'
import { test } from 'node:test'

import { percentiles } from './percentiles.ts'

test('takes the nearest rank', () => {
  const samples = Array.from({ length: 200 }, (_, index) => 200 - index)
  assert.deepEqual(percentiles(samples), { count: 200, p50: 100, p90: 180, p99: 198, p999: 200, max: 200 })
})

test('says that nothing was measured', () => {
  assert.equal(percentiles([]).count, 0)
  assert.ok(Number.isNaN(percentiles([]).p50))
})
