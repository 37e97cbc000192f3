import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { Admission } from './admission.ts'

const given = async (limit: number, ...sizes: number[]) => {
  const admission = new Admission(limit)
  const entered: number[] = []
  for (const size of sizes) void admission.enter(size).then(() => entered.push(size))
  await turn()
  return {
    entered,
    leave: async (size: number) => {
      admission.leave(size)
      await turn()
    },
  }
}

test('lets in what fits', async () => {
  assert.deepEqual((await given(10, 4, 6, 1)).entered, [4, 6])
})

test('nothing overtakes what waits, however small it is', async () => {
  const { entered, leave } = await given(10, 4, 5, 8, 1)
  assert.deepEqual(entered, [4, 5])
  await leave(4)
  assert.deepEqual(entered, [4, 5])
  await leave(5)
  assert.deepEqual(entered, [4, 5, 8, 1])
})

test('what is larger than the limit goes in alone', async () => {
  const { entered, leave } = await given(10, 1, 100, 1)
  assert.deepEqual(entered, [1])
  await leave(1)
  assert.deepEqual(entered, [1, 100])
  await leave(100)
  assert.deepEqual(entered, [1, 100, 1])
})
