import assert from 'node:assert/strict'
import { test } from 'node:test'

import { interleave } from './interleave.ts'

test('plays every log whole and in its order, and no more at a time than asked for', () => {
  const logs = [['a', 'b', 'c'], ['d'], ['e', 'f'], ['g', 'h', 'i', 'j']]
  const order = interleave(logs, 2)
  for (const [log, items] of logs.entries())
    assert.deepEqual(
      order.items.filter((_, index) => order.logs[index] === log),
      items,
    )
  const running = new Map<number, number>()
  assert.equal(order.logs.length, order.items.length)
  for (const log of order.logs) {
    running.set(log, (running.get(log) ?? 0) + 1)
    assert.ok(running.size <= 2)
    if (running.get(log) === logs[log]!.length) running.delete(log)
  }
})
