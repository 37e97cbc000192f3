import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createBodyBudget } from './body-budget.ts'
import type { BodyBudget, BodyShare } from './body-budget.ts'

interface Rig {
  readonly budget: BodyBudget
  readonly cut: string[]
  /** A body whose bytes are free again when it is cut. */
  readonly open: (name: string) => BodyShare
  readonly pass: (milliseconds: number) => void
}

const rig = (): Rig => {
  let now = 0
  const cut: string[] = []
  const budget = createBodyBudget({
    maxBytes: 100,
    shortPatienceMs: 5_000,
    shortIdleMs: 1_000,
    now: () => now,
  })
  return {
    budget,
    cut,
    open(name) {
      const share: BodyShare = budget.open(() => {
        cut.push(name)
        share.free()
      })
      return share
    },
    pass: milliseconds => void (now += milliseconds),
  }
}

test('what is taken by bodies that are being read is refused to others, until it is free again', () => {
  const { open, cut } = rig()
  const first = open('first')
  assert.equal(first.take(60), true)
  const second = open('second')
  assert.equal(second.take(41), false)
  assert.equal(second.take(40), true)
  first.free()
  first.free()
  assert.equal(second.take(60), true)
  assert.equal(second.take(1), false)
  assert.deepEqual(cut, [])
})

test('bodies that stand still, or dribble, are cut while room is short, and not before', () => {
  const { open, cut, pass } = rig()
  const idle = open('idle')
  const dribble = open('dribble')
  assert.ok(idle.take(20) && dribble.take(20))
  for (let second = 0; second < 5; second += 1) {
    pass(1_000)
    assert.ok(dribble.take(1))
  }
  assert.deepEqual(cut, [])
  const honest = open('honest')
  assert.equal(honest.take(90), true)
  assert.deepEqual(cut, ['idle', 'dribble'])
})

test('a body that is whole is not cut, however long its call takes', () => {
  const { open, cut, pass } = rig()
  const whole = open('whole')
  whole.take(60)
  whole.complete()
  pass(60_000)
  assert.equal(open('next').take(60), false)
  assert.deepEqual(cut, [])
})
