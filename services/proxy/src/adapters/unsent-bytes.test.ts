import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createUnsentBytes } from './unsent-bytes.ts'
import type { UnsentBytes, UnsentShare } from './unsent-bytes.ts'

interface Rig {
  readonly unsent: UnsentBytes
  /** Who was hung up on, and why. */
  readonly dropped: readonly string[]
  readonly open: (name: string, owner: string) => UnsentShare
  readonly pass: (milliseconds: number) => void
}

const rig = (): Rig => {
  let now = 0
  let last = ''
  const dropped: string[] = []
  const unsent = createUnsentBytes({
    maxBytes: 100,
    maxBytesPerOwner: 60,
    stallMs: 30_000,
    now: () => now,
    onDropped: why => void (last = why),
  })
  return {
    unsent,
    dropped,
    open(name, owner) {
      const share = unsent.open(() => dropped.push(`${name} ${last}`))
      share.belongTo(owner)
      return share
    },
    pass: milliseconds => void (now += milliseconds),
  }
}

test('answers of one session that nobody reads push out each other, not those of others', () => {
  const { open, dropped, pass } = rig()
  open('beside', 'bob').add(40)
  for (const name of ['first', 'second', 'third']) {
    pass(1)
    open(name, 'mallory').add(30)
  }
  assert.deepEqual(dropped, ['first too_much'])
})

test('of all unread answers together the one goes that stood still the longest', () => {
  const { open, dropped, pass } = rig()
  const moving = open('moving', 'alice')
  moving.add(50)
  pass(1)
  open('still', 'bob').add(40)
  pass(1)
  moving.sent(10)
  open('next', 'carol').add(30)
  assert.deepEqual(dropped, ['still too_much'])
})

test('an answer of which nothing leaves for 30 s is given up, one that moves is not', () => {
  const { unsent, open, dropped, pass } = rig()
  const slow = open('slow', 'alice')
  slow.add(50)
  open('still', 'bob').add(1)
  const read = open('read', 'bob')
  read.add(1)
  read.sent(1)
  for (let second = 0; second < 30; second += 1) {
    pass(1_000)
    slow.sent(1)
    unsent.dropStalled()
  }
  assert.deepEqual(dropped, ['still stalled'])
  slow.close()
  assert.equal(slow.bytes, 0)
})
