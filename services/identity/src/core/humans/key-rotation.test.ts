import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { type AgedKey, planKeys } from './key-rotation.ts'

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs
const start = 1_800_000_000_000

test('without any key one is due, and signs at once', () => {
  assert.deepEqual(planKeys([], start), { inUse: [], expired: [], isNewDue: true })
  assert.deepEqual(planKeys([{ id: 'a', createdAt: start }], start), {
    inUse: ['a'],
    expired: [],
    isNewDue: false,
  })
})

test('the next key is published for a day before it signs, the last one for a day after', () => {
  const keys = [
    { id: 'a', createdAt: start },
    { id: 'b', createdAt: start + 30 * dayMs },
  ]
  assert.equal(planKeys(keys.slice(0, 1), start + 30 * dayMs - 1).isNewDue, false)
  assert.equal(planKeys(keys.slice(0, 1), start + 30 * dayMs).isNewDue, true)
  assert.deepEqual(planKeys(keys, start + 31 * dayMs - 1).inUse, ['a', 'b'])
  assert.deepEqual(planKeys(keys, start + 31 * dayMs).inUse, ['b', 'a'])
  assert.deepEqual(planKeys(keys, start + 32 * dayMs - 1).inUse, ['b', 'a'])
  assert.deepEqual(planKeys(keys, start + 32 * dayMs), { inUse: ['b'], expired: ['a'], isNewDue: false })
})

test('looked at each hour for half a year there is never a gap: what signs was published a day before, what signed stays a day', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 * hourMs }), { minLength: 200, maxLength: 400 }),
      pauses => {
        let keys: AgedKey[] = []
        let now = start
        const publishedSince = new Map<string, number>()
        const signedLast = new Map<string, number>()
        for (const pause of pauses) {
          now += pause
          if (planKeys(keys, now).isNewDue) keys.push({ id: `k${now}`, createdAt: now })
          const { inUse, expired } = planKeys(keys, now)
          keys = keys.filter(({ id }) => !expired.includes(id))
          for (const id of inUse) if (!publishedSince.has(id)) publishedSince.set(id, now)
          const signer = inUse[0]
          assert.ok(signer !== undefined)
          const isFirst = publishedSince.size > 0 && [...publishedSince.keys()][0] === signer
          if (!isFirst) assert.ok(now - (publishedSince.get(signer) ?? now) >= dayMs)
          signedLast.set(signer, now)
          for (const [id, at] of signedLast) if (now - at < dayMs - 20 * hourMs) assert.ok(inUse.includes(id))
          assert.equal(new Set(inUse).size, inUse.length)
          assert.ok(inUse.length <= 3)
        }
      },
    ),
    { numRuns: 30 },
  )
})
