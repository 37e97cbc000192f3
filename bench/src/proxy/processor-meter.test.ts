import assert from 'node:assert/strict'
import { test } from 'node:test'

import { perCall, processorMeter } from './processor-meter.ts'

test('shares the time between two readings among the calls', () => {
  const shares = perCall({ engine: 1000, broker: 400 }, { engine: 1500, broker: 500 }, 1000)
  assert.deepEqual(shares, { engine: 0.5, broker: 0.1, all: 0.6 })
})

test('reads a process that works', async () => {
  const read = processorMeter({ self: process.pid })
  const before = await read()
  for (const until = performance.now() + 60; performance.now() < until;);
  const after = await read()
  assert.ok(after['self']! > before['self']!)
})
