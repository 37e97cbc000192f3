import assert from 'node:assert/strict'
import { test } from 'node:test'

import { stopRequested } from './stop-requested.ts'

test('the first signal asks to stop, the second says that the stop was cut short and ends the process', async t => {
  const said = t.mock.method(console, 'error', () => undefined)
  const ended: string[] = []
  const before = process.listenerCount('SIGTERM')
  let now = 1000
  const stop = stopRequested({ endBy: signal => ended.push(signal), now: () => now })
  process.emit('SIGINT')
  await stop.requested
  assert.equal(stop.signal.aborted, true)
  // The same Ctrl-C, passed on by npm.
  now += 20
  process.emit('SIGINT')
  assert.deepEqual([ended, said.mock.callCount()], [[], 0])
  now += 1000
  process.emit('SIGTERM')
  assert.match(String(said.mock.calls[0]?.arguments[0]), /^The stop was cut short/)
  assert.equal(ended.length, 1)
  assert.equal(process.listenerCount('SIGTERM'), before)
})
