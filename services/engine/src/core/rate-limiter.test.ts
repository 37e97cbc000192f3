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
  const taken = (now: number): string => rates.take(one, limit, now, 1)
  assert.deepEqual([taken(0), taken(0), taken(0), taken(0)], ['admitted', 'admitted', 'admitted', 'limited'])
  assert.deepEqual([taken(99), taken(100), taken(100)], ['repeated', 'admitted', 'repeated'])
  assert.deepEqual([taken(60_000), taken(60_000), taken(60_000), taken(60_000)].slice(2), [
    'admitted',
    'limited',
  ])
})

test('tells of a session once a second', () => {
  const rates = createRateLimiter()
  const told = Array.from({ length: 2_500 }, (_, now) =>
    rates.take(one, { callsPerSecond: 1, burst: 1 }, now, 1),
  ).flatMap((rate, now) => (rate === 'limited' ? [now] : []))
  assert.deepEqual(told, [1, 1_001, 2_001])
})

test('a large call counts for many, and needs no more than may be at once', () => {
  const rates = createRateLimiter()
  const taken = (now: number, calls: number): string => rates.take(one, limit, now, calls)
  assert.deepEqual([taken(0, 2), taken(0, 2), taken(0, 1)], ['admitted', 'limited', 'admitted'])
  assert.deepEqual([taken(1_200, 257), taken(1_300, 257)], ['admitted', 'limited'])
  assert.equal(taken(1_500, 257), 'admitted')
})

test('a session’s flood is no other session’s', () => {
  const rates = createRateLimiter()
  for (let call = 0; call < 10; call += 1) rates.take(one, limit, 0, 1)
  assert.equal(rates.take(other, limit, 0, 1), 'admitted')
})

test('a clock that is set back neither fills the bucket nor empties it', () => {
  const rates = createRateLimiter()
  const taken = (now: number): string => rates.take(one, limit, now, 1)
  for (let call = 0; call < 3; call += 1) taken(1_000_000)
  assert.equal(taken(0), 'limited')
  assert.equal(taken(100), 'admitted')
})

test('messages take nothing from the calls, nor calls from them', () => {
  const rates = createRateLimiter()
  const said = (now: number, messages = 1): boolean => rates.takeMessages(one, limit, now, messages)
  assert.deepEqual([said(0, 2), said(0), said(0), said(100), said(100)], [true, true, false, true, false])
  assert.equal(rates.take(one, limit, 0, 3), 'admitted')
  assert.deepEqual([said(60_000, 257), said(60_000)], [true, false])
})

test('forgets a session that is over', () => {
  const rates = createRateLimiter()
  for (let call = 0; call < 4; call += 1) {
    rates.take(one, limit, 0, 1)
    rates.takeMessages(one, limit, 0, 1)
  }
  rates.forget(one)
  assert.equal(rates.take(one, limit, 0, 1), 'admitted')
  assert.equal(rates.takeMessages(one, limit, 0, 1), true)
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
