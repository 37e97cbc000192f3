import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { type AttemptState, attemptLimits, takeAttempt, takeBackAttempt } from './attempt-limit.ts'

const minuteMs = 60_000

/** How long each of so many failures has to wait for the next try, when each is made as soon as it may be. */
const waits = (count: number): number[] => {
  let state: AttemptState | undefined
  let now = 1_800_000_000_000
  return Array.from({ length: count }, () => {
    const taken = takeAttempt('account', state, now)
    assert.equal(taken.waitMs, 0)
    state = taken.state
    const wait = Math.max(0, state.lockedUntil - now)
    now += wait
    return wait
  })
}

test('five tries are free, then each wait is twice the one before, up to a quarter of an hour', () => {
  assert.deepEqual(
    waits(12),
    [0, 0, 0, 0, 30_000, 60_000, 120_000, 240_000, 480_000, 900_000, 900_000, 900_000],
  )
})

test('rejects a try that comes too early, without making the wait longer', () => {
  const state = { failures: 5, lockedUntil: 1_000_030_000, lastAt: 1_000_000_000 }
  assert.deepEqual(takeAttempt('account', state, 1_000_010_000), { waitMs: 20_000, state })
  assert.equal(takeAttempt('account', state, 1_000_030_000).waitMs, 0)
})

test('rejects guesses that run side by side: a try counts before it is known to be wrong', () => {
  let state: AttemptState | undefined
  let allowed = 0
  for (let guess = 0; guess < 100; guess += 1) {
    const taken = takeAttempt('account', state, 1_000_000_000)
    if (taken.waitMs === 0) allowed += 1
    state = taken.state
  }
  assert.equal(allowed, attemptLimits.account.free)
})

test('a right password takes back one try and no more: who owns an account cannot guess for free from there', () => {
  const failures = { failures: 25, lockedUntil: 0, lastAt: 1_000_000_000 }
  const right = takeAttempt('network', failures, 1_000_000_000).state
  const after = takeBackAttempt(right)
  assert.deepEqual([after.failures, after.lockedUntil], [25, 0])
  const wrong = takeAttempt('network', after, 1_000_000_000).state
  assert.ok(wrong.lockedUntil - 1_000_000_000 === 15 * minuteMs)
})

test('is forgotten after a day without a failure', () => {
  const state = { failures: 40, lockedUntil: 0, lastAt: 1_000_000_000 }
  assert.equal(takeAttempt('account', state, state.lastAt + 24 * 60 * minuteMs).state.failures, 41)
  assert.equal(takeAttempt('account', state, state.lastAt + 24 * 60 * minuteMs + 1).state.failures, 1)
})

test('whenever they come, tries in a day are bounded, and nobody is locked out for longer than a quarter of an hour', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 300 }), pauses => {
      let state: AttemptState | undefined
      let now = 1_800_000_000_000
      let allowed = 0
      for (const pause of pauses) {
        now += pause
        const taken = takeAttempt('account', state, now)
        if (taken.waitMs === 0) allowed += 1
        assert.ok(taken.state.lockedUntil <= now + 15 * minuteMs)
        state = taken.state
      }
      // Nine by the time that waits have reached their longest, then one each quarter of an hour.
      const elapsed = now - 1_800_000_000_000
      assert.ok(allowed <= 10 + elapsed / (15 * minuteMs))
    }),
  )
})
