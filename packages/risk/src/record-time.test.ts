import assert from 'node:assert/strict'
import { test } from 'node:test'

import { clampRecordTime } from './record-time.ts'

test('believes an engine’s clock for 5 s and never the future', () => {
  assert.equal(clampRecordTime(99_000, 100_000), 99_000)
  assert.equal(clampRecordTime(95_000, 100_000), 95_000)
  assert.equal(clampRecordTime(10, 100_000), 95_000)
  assert.equal(clampRecordTime(100_001, 100_000), 100_000)
})
