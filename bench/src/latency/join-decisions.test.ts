import assert from 'node:assert/strict'
import { test } from 'node:test'

import { joinDecisions } from './join-decisions.ts'

const published = {
  partitions: [0, 1, 1],
  offsets: [5, 5, 6],
  dueAt: [10, 100, 110],
  sentAt: [11, 101, 110],
  acknowledgedAt: [12, 102, 111],
}

test('joins by partition and offset, and leaves the warm-up out', () => {
  const seen = {
    partitions: [1, 0, 1],
    versions: [6, 5, 5],
    seenAt: [117, 20, 104],
    kinds: ['ended' as const, 'opened' as const, 'opened' as const],
  }
  assert.deepEqual(joinDecisions(published, seen, 50), {
    dueToSeen: [7, 4],
    sentToSeen: [7, 3],
    counts: { ended: 1, opened: 1 },
    byTime: 0,
  })
})

test('what time alone caused is counted apart', () => {
  const seen = { partitions: [2], versions: [5], seenAt: [104], kinds: ['band' as const] }
  assert.deepEqual(joinDecisions(published, seen, 50), {
    dueToSeen: [],
    sentToSeen: [],
    counts: {},
    byTime: 1,
  })
})
