import assert from 'node:assert/strict'
import { test } from 'node:test'

import { databaseFault } from '../database/database-fault.ts'
import { createGroupCommit } from './group-commit.ts'

test('what is asked while a group is under way goes together in the next', async () => {
  const groups: (readonly number[])[] = []
  const double = createGroupCommit(async (items: readonly number[]) => {
    groups.push(items)
    await new Promise(setImmediate)
    return items.map(item => item * 2)
  })
  const first = Promise.all([double(1), double(2)])
  await new Promise(setImmediate)
  const second = Promise.all([double(3), double(4)])
  assert.deepEqual(
    [await first, await second],
    [
      [2, 4],
      [6, 8],
    ],
  )
  assert.deepEqual(groups, [
    [1, 2],
    [3, 4],
  ])
  assert.equal(await double(5), 10)
})

test('no group is larger than one statement takes', async () => {
  const sizes: number[] = []
  const run = createGroupCommit((items: readonly number[]) => {
    sizes.push(items.length)
    return Promise.resolve(items)
  })
  await Promise.all(Array.from({ length: 130 }, async (_, item) => run(item)))
  assert.deepEqual(sizes, [64, 64, 2])
})

test('an item that cannot be done takes nobody with it, wherever in the group it stands', async () => {
  for (const poison of [0, 1, 4]) {
    let tries = 0
    const run = createGroupCommit((items: readonly number[]) => {
      tries += 1
      return items.includes(poison)
        ? Promise.reject(databaseFault({ code: '22P05' }, true))
        : Promise.resolve(items)
    })
    const settled = await Promise.allSettled([0, 1, 2, 3, 4].map(async item => run(item)))
    assert.deepEqual(
      settled.map(({ status }) => status === 'rejected'),
      [0, 1, 2, 3, 4].map(item => item === poison),
    )
    // Halved, not one by one.
    assert.ok(tries <= 7, `${tries} tries`)
  }
})

test('a fault that is no item’s fails for all of the group at once, and for nobody else', async () => {
  // A connection lost, and what a replica answers that may not write: SQLSTATE 08006 and 25006.
  for (const state of ['08006', '25006']) {
    let count = 0
    const run = createGroupCommit((items: readonly string[]) => {
      count += 1
      return count === 1 ? Promise.reject(databaseFault({ code: state }, true)) : Promise.resolve(items)
    })
    const failed = await Promise.allSettled([run('a'), run('b')])
    assert.deepEqual(
      failed.map(({ status }) => status),
      ['rejected', 'rejected'],
      state,
    )
    assert.equal(await run('c'), 'c')
    assert.equal(count, 2, state)
  }
})
