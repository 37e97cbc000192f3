import assert from 'node:assert/strict'
import { test } from 'node:test'

import { sessionLoad } from './session-load.ts'
import type { SessionLoadOptions } from './session-load.ts'

const options: SessionLoadOptions = {
  seed: 1,
  eventsPerSecond: 1000,
  durationMs: 20_000,
  partitions: 4,
  badShare: 0.1,
}

test('is level at the rate that was asked for, from the first second on', () => {
  const records = [...sessionLoad(options)]
  for (let second = 0; second < 20; second += 1) {
    const count = records.filter(({ dueMs }) => Math.floor(dueMs / 1000) === second).length
    // Sessions come in clusters of records: a fifth is more than three standard deviations.
    assert.ok(Math.abs(count - 1000) < 200, `second ${second}: ${count}`)
  }
})

test('is in order, and every session opens first', () => {
  const seen = new Set<string>()
  let last = 0
  for (const { dueMs, sessionId, record } of sessionLoad(options)) {
    assert.ok(dueMs >= last)
    last = dueMs
    assert.equal(record.name === 'SessionOpened', !seen.has(sessionId))
    seen.add(sessionId)
  }
})

test('repeats itself', () => {
  const shown = (): unknown[] =>
    Array.from(sessionLoad({ ...options, durationMs: 500 }), ({ dueMs, record }) => [dueMs, record.value(7)])
  assert.deepEqual(shown(), shown())
})
