import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createScorer } from '../scorer-fixture.ts'
import { choosePartition } from './choose-partition.ts'
import { createPlacement } from './placement.ts'

test('the least loaded partition of those alive; of all where none is', () => {
  const states = [
    { partition: 0, load: 0, alive: false },
    { partition: 1, load: 5, alive: true },
    { partition: 2, load: 4, alive: true },
  ]
  assert.equal(choosePartition(states, 0), 2)
  assert.equal(
    choosePartition(
      states.map(state => ({ ...state, alive: false })),
      0,
    ),
    0,
  )
  assert.equal(choosePartition([], 0), undefined)
})

test('sessions opened at once do not all go to one partition', () => {
  const scorer = createScorer(3)
  const placement = createPlacement(scorer.decisions)
  const taken = Array.from({ length: 9 }, () => placement.take(5000))
  assert.deepEqual(
    [0, 1, 2].map(partition => taken.filter(other => other === partition).length),
    [3, 3, 3],
  )
  placement.release(1)
  assert.equal(placement.take(5000), 1)
})
