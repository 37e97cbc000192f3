import assert from 'node:assert/strict'
import { test } from 'node:test'

import { seededRandom } from './seeded-random.ts'

test('repeats itself for one seed and differs for another', () => {
  const draw = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed))
  assert.deepEqual(draw(7), draw(7))
  assert.notDeepEqual(draw(7), draw(8))
})

test('stays within [0, 1) and fills it evenly', () => {
  const counts = Array.from({ length: 10 }, () => 0)
  const random = seededRandom(1)
  for (let draw = 0; draw < 100_000; draw += 1) {
    const bin = Math.floor(random() * 10)
    counts[bin] = (counts[bin] ?? Number.NaN) + 1
  }
  // 10,000 are expected a bin, with a standard deviation of 95: five of them to either side.
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 475, `${count}`)
})
