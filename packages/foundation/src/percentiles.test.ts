import assert from 'node:assert/strict'
import { test } from 'node:test'

import { percentiles } from './percentiles.ts'

test('takes the nearest rank, in whatever order the samples are', () => {
  const samples = Array.from({ length: 200 }, (_, index) => 200 - index)
  assert.deepEqual(percentiles(samples), { count: 200, p50: 100, p90: 180, p99: 198, p999: 200, max: 200 })
  assert.deepEqual(percentiles([7]), { count: 1, p50: 7, p90: 7, p99: 7, p999: 7, max: 7 })
})

test('rounds to hundredths', () => {
  assert.equal(percentiles([1.006]).p50, 1.01)
})

test('says that nothing was measured, and nothing else: no NaN for JSON to turn into null', () => {
  assert.deepEqual(percentiles([]), { count: 0 })
})
