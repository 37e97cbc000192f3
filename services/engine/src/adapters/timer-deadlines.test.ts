import assert from 'node:assert/strict'
import { test } from 'node:test'

import { timerDeadlines } from './timer-deadlines.ts'

test('gives the value, the error, or nothing after the limit', async () => {
  assert.equal(await timerDeadlines.within(Promise.resolve(1), 1_000), 1)
  await assert.rejects(timerDeadlines.within(Promise.reject(new Error('broken')), 1_000), /broken/)
  assert.equal(await timerDeadlines.within(new Promise(() => undefined), 5), undefined)
})
