import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { DueQueue } from './due-queue.ts'

const aKey = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const aTime = fc.nat(20)
const aStep = fc.record({ key: aKey, dueAt: fc.option(aTime, { nil: undefined }), look: fc.boolean() })

test('answers what is due first, in order, whatever was noted, moved and taken out before', () => {
  fc.assert(
    fc.property(fc.array(aStep), aTime, fc.nat(6), (steps, time, most) => {
      const queue = new DueQueue()
      const expected = new Map<string, number>()
      for (const { key, dueAt, look } of steps) {
        if (dueAt === undefined) queue.delete(key)
        else queue.set(key, dueAt)
        if (dueAt === undefined) expected.delete(key)
        else expected.set(key, dueAt)
        if (look) queue.dueBefore(time, most)
      }
      const inOrder = [...expected].sort(([a, ofA], [b, ofB]) => ofA - ofB || (a < b ? -1 : 1))
      assert.deepEqual(queue.first(), inOrder.map(([key, dueAt]) => ({ key, dueAt })).at(0))
      const due = inOrder.filter(([, dueAt]) => dueAt < time).map(([key]) => key)
      assert.deepEqual(queue.dueBefore(time, most), due.slice(0, most))
      assert.deepEqual(queue.dueBefore(time, most), due.slice(0, most))
    }),
  )
})
