import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  announcedLifeMs,
  callKeyLeadMs,
  callKeyTrailMs,
  planCallKeys,
  type TimedCallKey,
} from './call-key-plan.ts'

const now = 1_800_000_000_000
const weekMs = 7 * 24 * 60 * 60_000
const key = (keyId: string, signsFrom: number | undefined): TimedCallKey => ({ keyId, signsFrom })
const plan = (...keys: readonly TimedCallKey[]) => planCallKeys(keys, now, weekMs)

test('receivers have the next key before it signs, and the former one until its last token ran out', () => {
  // Five minutes of `receiver/key-source.ts`, a minute of a token, and what clocks differ by.
  assert.ok(callKeyLeadMs >= 5 * 60_000 + 30_000)
  assert.ok(callKeyTrailMs >= 60_000 + 60_000)
})

test('a key signs once it was published for long enough', () => {
  assert.equal(plan(key('a', now - 1)).signing, 'a')
  assert.equal(plan(key('a', now - 1), key('b', undefined)).signing, 'a')
  assert.equal(plan(key('a', now - 2), key('b', now + 1)).signing, 'a')
  assert.equal(plan(key('b', now), key('a', now - 2)).signing, 'b')
})

test('a clock that was set back leaves the oldest key signing', () => {
  assert.equal(plan(key('b', now + 20), key('a', now + 10)).signing, 'a')
})

test('a former key is announced until nothing of its own counts, and then it is over', () => {
  const [former, present] = [key('a', now - weekMs), key('b', now - callKeyTrailMs + 1)]
  assert.deepEqual(plan(former, present).announced, [
    { keyId: 'a', until: now + 1 },
    { keyId: 'b', until: now + announcedLifeMs },
  ])
  assert.deepEqual(plan(former, present).over, [])
  const later = plan(former, key('b', now - callKeyTrailMs))
  assert.deepEqual([later.over, later.announced.map(({ keyId }) => keyId)], [['a'], ['b']])
})

test('a key that nobody can know yet is announced, and ends no other', () => {
  assert.deepEqual(
    plan(key('a', now - 1), key('b', undefined)).announced.map(({ until }) => until - now),
    [announcedLifeMs, announcedLifeMs],
  )
})

test('the next key is made once, ahead of time', () => {
  const old = key('a', now - weekMs + callKeyLeadMs)
  assert.equal(plan(old).isNextDue, true)
  assert.equal(plan(key('a', now - weekMs + callKeyLeadMs + 1)).isNextDue, false)
  assert.equal(plan(old, key('b', undefined)).isNextDue, false)
  assert.equal(plan(old, key('b', now + 1)).isNextDue, false)
  assert.equal(plan(old, key('b', now)).isNextDue, false)
})
