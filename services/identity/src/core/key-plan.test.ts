import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { isRotationDue, type KeyPlan, keyLeadMs, keyTrailMs, planKeys } from './key-plan.ts'

const first = { keyId: 'first', signsFrom: 1_000_000 }
const second = { keyId: 'second', signsFrom: 2_000_000 }

const names = ({ published }: KeyPlan): readonly string[] => published.map(({ keyId }) => keyId)

test('keys take turns: the next is published before it signs, the former until nothing of it counts', () => {
  const table: readonly (readonly [number, string | undefined, readonly string[], readonly string[]])[] = [
    [999_999, undefined, ['first', 'second'], []],
    [1_000_000, 'first', ['first', 'second'], []],
    [1_999_999, 'first', ['first', 'second'], []],
    [2_000_000, 'second', ['first', 'second'], []],
    [2_000_000 + keyTrailMs - 1, 'second', ['first', 'second'], []],
    [2_000_000 + keyTrailMs, 'second', ['second'], ['first']],
  ]
  for (const [now, signing, published, over] of table) {
    const plan = planKeys([second, first], now)
    assert.deepEqual([plan.signing, names(plan), plan.over], [signing, published, over], String(now))
  }
})

test('of each published key: whose turn it is, since when it signs, and until when it is kept', () => {
  const turns = (now: number): readonly unknown[] =>
    planKeys([first, second], now).published.map(({ turn, signsFrom, publishedUntil }) => [
      turn,
      signsFrom,
      publishedUntil,
    ])
  const firstUntil = 2_000_000 + 6 * 60_000
  assert.deepEqual(turns(1_500_000), [
    ['signing', 1_000_000, firstUntil],
    ['next', 2_000_000, undefined],
  ])
  assert.deepEqual(turns(2_000_000), [
    ['former', 1_000_000, firstUntil],
    ['signing', 2_000_000, undefined],
  ])
  assert.deepEqual(turns(firstUntil), [['signing', 2_000_000, undefined]])
})

test('the next key is due a lead before the present one is too old, and only once', () => {
  const maxAgeMs = 10_000_000
  const due = 1_000_000 + maxAgeMs - keyLeadMs
  assert.equal(isRotationDue([first], due - 1, maxAgeMs), false)
  assert.equal(isRotationDue([first], due, maxAgeMs), true)
  assert.equal(isRotationDue([first, { keyId: 'next', signsFrom: due + 1 }], due, maxAgeMs), false)
  assert.equal(isRotationDue([], due, maxAgeMs), false)
})

test('whenever keys were made, what signs is published a lead before and a trail after', () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 12_000_000 }), (starts, now) => {
      const keys = starts.map(signsFrom => ({ keyId: String(signsFrom), signsFrom }))
      const signed = planKeys(keys, now).signing
      if (signed === undefined) return
      for (const moment of [now - keyLeadMs, now, now + keyTrailMs - 1])
        assert.ok(names(planKeys(keys, moment)).includes(signed), `${signed} at ${moment}`)
    }),
  )
})
