import assert from 'node:assert/strict'
import { test } from 'node:test'

import { longestGaps } from './longest-gap.ts'

const seen = (partition: number, ...times: number[]) =>
  times.map(at => ({ partition, sessionId: `${partition}.session`, at }))
const decisions = [...seen(0, 10, 90, 5000, 5100, 9000), ...seen(1, 10, 100, 200), ...seen(2, 50)]
const window = { from: 100, until: 6000 }

test('a gap begins with the last decision before the crash', () => {
  assert.deepEqual(longestGaps(decisions, [0], window), [4910])
})

test('a partition without another decision has a gap to the end', () => {
  assert.deepEqual(longestGaps(decisions, [1, 2], window), [5800, 5950])
})

test('a partition that was never decided on has a gap of the whole time', () => {
  assert.deepEqual(longestGaps(decisions, [3], window), [5900])
})
