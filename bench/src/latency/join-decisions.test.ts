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
    dueToSeenOf: { opened: [4], ended: [7], standing: [], band: [] },
    sentToSeen: [7, 3],
    counts: { ended: 1, opened: 1 },
    byTime: 0,
  })
})

test('what time alone caused is counted apart', () => {
  const seen = { partitions: [2], versions: [5], seenAt: [104], kinds: ['band' as const] }
  assert.deepEqual(joinDecisions(published, seen, 50), {
    dueToSeen: [],
    dueToSeenOf: { opened: [], ended: [], standing: [], band: [] },
    sentToSeen: [],
    counts: {},
    byTime: 1,
  })
})

test('every change of standing is of one group, apart from openings, ends and bands', () => {
  const kinds = ['opened', 'verify', 'read_only', 'suspended', 'trusted', 'band', 'ended'] as const
  const columns = kinds.map((_, index) => index)
  const load = {
    partitions: columns.map(() => 0),
    offsets: columns,
    dueAt: columns.map(() => 100),
    sentAt: columns.map(() => 100),
    acknowledgedAt: columns.map(() => 101),
  }
  const seen = {
    partitions: load.partitions,
    versions: columns,
    seenAt: columns.map(at => 100 + at),
    kinds: [...kinds],
  }
  assert.deepEqual(joinDecisions(load, seen, 0).dueToSeenOf, {
    opened: [0],
    standing: [1, 2, 3, 4],
    band: [5],
    ended: [6],
  })
})
