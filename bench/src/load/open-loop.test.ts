import assert from 'node:assert/strict'
import { test } from 'node:test'

import { monotonicMs } from './monotonic-time.ts'
import { openLoop } from './open-loop.ts'

test('hands over every item once, in order, never before it is due', async () => {
  const items = [0, 0, 3, 7, 7, 20].map((dueMs, index) => ({ dueMs, index }))
  const startAt = monotonicMs() + 5
  const sent: number[] = []
  await openLoop(
    items,
    due => {
      const elapsed = monotonicMs() - startAt
      for (const { dueMs, index } of due) {
        assert.ok(dueMs <= elapsed, `${dueMs} <= ${elapsed}`)
        sent.push(index)
      }
    },
    startAt,
  )
  assert.deepEqual(sent, [0, 1, 2, 3, 4, 5])
})

test('does not wait for what it handed over', async () => {
  const startAt = monotonicMs()
  await openLoop([{ dueMs: 0 }, { dueMs: 2 }], () => void new Promise(() => undefined), startAt)
  assert.ok(monotonicMs() - startAt >= 2)
})
