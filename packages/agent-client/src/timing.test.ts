import assert from 'node:assert/strict'
import { test } from 'node:test'

import { systemTiming } from './timing.ts'

const timers = (): number => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length

test('a wait ends where its signal aborts', async () => {
  const before = timers()
  const leave = new AbortController()
  const waits = [systemTiming.wait(5_000, leave.signal), systemTiming.waitAside(5_000, leave.signal)]
  assert.equal(timers(), before + 1)
  leave.abort()
  assert.equal(timers(), before)
  await Promise.all(waits)
})
