import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { OriginRow } from './origin-counts.ts'
import { OriginCounts } from './origin-counts.ts'

const calls = 0
const foreign = 1
const isTotal = ({ key }: OriginRow): boolean => key === calls
const rows = (tool: number, total: number, hits: number): readonly OriginRow[] => [
  { tool, key: calls, count: total },
  { tool, key: foreign, count: hits },
]

test('a tool’s counts are halved together when its calls go beyond 64, and no other tool’s', () => {
  const counts = new OriginCounts(10)
  counts.add(rows(2, 3, 1), isTotal)
  for (let session = 0; session < 22; session += 1) counts.add(rows(1, 3, 1), isTotal)
  assert.deepEqual(counts.rows(), [...rows(2, 3, 1), ...rows(1, 33, 11)])
})

test('the tool that was used least recently gives way when there is no more room', () => {
  const counts = new OriginCounts(4)
  for (const tool of [1, 2, 1, 3]) counts.add(rows(tool, 2, 1), isTotal)
  assert.deepEqual(counts.rows(), [...rows(1, 4, 2), ...rows(3, 2, 1)])
})

test('what was added can be taken away again, and no more than that', () => {
  const counts = new OriginCounts(4, rows(1, 5, 2))
  counts.remove(rows(1, 3, 2))
  assert.deepEqual(counts.rows(), [{ tool: 1, key: calls, count: 2 }])
  counts.remove(rows(1, 9, 9))
  assert.deepEqual(counts.rows(), [])
})
