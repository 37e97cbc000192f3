import assert from 'node:assert/strict'
import { test } from 'node:test'

import { restorePhases } from './restore-phases.ts'

test('splits a start by what the log says of it, over all partitions', () => {
  const lines = [
    { at: 1400, msg: 'joining' },
    { at: 5400, msg: 'task changed state', partition: 0, to: 'restoring' },
    { at: 5410, msg: 'task changed state', partition: 1, to: 'restoring' },
    { at: 5900, msg: 'partition taken over', partition: 1, records: 400 },
    { at: 7400, msg: 'partition taken over', partition: 0, records: 600 },
  ]
  assert.deepEqual(restorePhases(lines, 1000), {
    startMs: 400,
    joinMs: 4000,
    restoreMs: 2000,
    records: 1000,
    recordsPerSecond: 500,
    restoredAt: 7400,
  })
})

test('a log that does not get there is no measurement', () => {
  assert.throws(() => restorePhases([{ at: 1, msg: 'joining' }], 0), /expected a scorer that joined/)
})
