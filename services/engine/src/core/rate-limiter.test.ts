import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeSessionId, type SessionId } from '@cordon/foundation'

import { createRateLimiter } from './rate-limiter.ts'

const [one, other] = [
  makeSessionId(1, '0190a0b0-0000-7000-8000-000000000001'),
  makeSessionId(1, '0190a0b0-0000-7000-8000-000000000002'),
]
const limit = { callsPerSecond: 10, burst: 3 }

test('admits a burst, then as many as the rate fills up again', () => {
  const rates = createRateLimiter()
  const taken = (now: number): boolean => rates.take(one, limit, now, 1)
  assert.deepEqual([taken(0), taken(0), taken(0), taken(0)], [true, true, true, false])
  assert.deepEqual([taken(99), taken(100), taken(100)], [false, true, false])
  assert.deepEqual([taken(60_000), taken(60_000), taken(60_000), taken(60_000)].slice(2), [true, false])
})

test('tells of a session ten refusals at once, then one a second, of each source', () => {
  const rates = createRateLimiter()
  const told = Array.from({ length: 2_500 }, (_, now) => now).filter(now =>
    rates.tellRefusal(one, 'agent', now),
  )
  assert.deepEqual(told, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1_000, 2_000])
  assert.ok(rates.tellRefusal(one, 'anybody', 2_500))
  assert.ok(rates.tellRefusal(one, 'replayer', 2_500))
})

test('a large call counts for many, and needs no more than may be at once', () => {
  const rates = createRateLimiter()
  const taken = (now: number, calls: number): boolean => rates.take(one, limit, now, calls)
  assert.deepEqual([taken(0, 2), taken(0, 2), taken(0, 1)], [true, false, true])
  assert.deepEqual([taken(1_200, 257), taken(1_300, 257)], [true, false])
  assert.ok(taken(1_500, 257))
})

test('a session’s flood is no other session’s', () => {
  const rates = createRateLimiter()
  for (let call = 0; call < 10; call += 1) rates.take(one, limit, 0, 1)
  assert.ok(rates.take(other, limit, 0, 1))
})

test('a clock that is set back neither fills the bucket nor empties it', () => {
  const rates = createRateLimiter()
  const taken = (now: number): boolean => rates.take(one, limit, now, 1)
  for (let call = 0; call < 3; call += 1) taken(1_000_000)
  assert.equal(taken(0), false)
  assert.equal(taken(100), true)
})

test('messages and outcomes take nothing from the calls, nor calls from them', () => {
  const rates = createRateLimiter()
  const said = (now: number, messages = 1): boolean => rates.takeMessages(one, limit, now, messages)
  assert.deepEqual([said(0, 2), said(0), said(0), said(100), said(100)], [true, true, false, true, false])
  for (let outcome = 0; outcome < 3; outcome += 1) assert.ok(rates.takeOutcome(one, limit, 100))
  assert.ok(!rates.takeOutcome(one, limit, 100))
  assert.ok(rates.take(one, limit, 0, 3))
  assert.deepEqual([said(60_000, 257), said(60_000)], [true, false])
})

test('forgets a session that is over', () => {
  const rates = createRateLimiter()
  for (let call = 0; call < 4; call += 1) {
    rates.take(one, limit, 0, 1)
    rates.takeMessages(one, limit, 0, 1)
    rates.takeOutcome(one, limit, 0)
  }
  rates.forget(one)
  assert.ok(rates.take(one, limit, 0, 1))
  assert.ok(rates.takeMessages(one, limit, 0, 1))
  assert.ok(rates.takeOutcome(one, limit, 0))
})

test('remembers of so many sessions at most whose refusals were told: whoever is over can go on asking', () => {
  const rates = createRateLimiter()
  for (let refusal = 0; refusal < 10; refusal += 1) assert.ok(rates.tellRefusal(one, 'anybody', 0))
  assert.ok(!rates.tellRefusal(one, 'anybody', 0))
  const session = (number: number): SessionId =>
    makeSessionId(1, `0192f3a0-5b7e-7c1d-8a2b-${String(number).padStart(12, '0')}`)
  for (let number = 0; number < 10_000; number += 1) rates.tellRefusal(session(number), 'anybody', 0)
  assert.ok(rates.tellRefusal(one, 'anybody', 0))
})
