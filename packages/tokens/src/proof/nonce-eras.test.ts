import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createNonceEras } from './nonce-eras.ts'

const eraMs = 300_000
const secret = Buffer.alloc(32, 1)

test('a nonce is accepted in its era and the next, and then no more', () => {
  const eras = createNonceEras({ secret, eraMs })
  const nonce = eras.current(0)
  assert.match(nonce, /^[\w-]{16}$/)
  assert.equal(eras.current(eraMs - 1), nonce)
  assert.equal(eras.isAccepted(nonce, eraMs), true)
  assert.notEqual(eras.current(eraMs), nonce)
  assert.equal(eras.isAccepted(nonce, 2 * eraMs - 1), true)
  assert.equal(eras.isAccepted(nonce, 2 * eraMs), false)
})

test('rejects the nonce of another process, and of this one before it restarted', () => {
  const nonce = createNonceEras({ secret, eraMs }).current(0)
  const another = createNonceEras({ secret: Buffer.alloc(32, 2), eraMs })
  assert.equal(another.isAccepted(nonce, 0), false)
  assert.equal(another.isAccepted('', 0), false)
})

test('rejects the nonce of an era that has not begun', () => {
  const later = createNonceEras({ secret, eraMs }).current(5 * eraMs)
  assert.equal(createNonceEras({ secret, eraMs }).isAccepted(later, 4 * eraMs), false)
})

test('no era comes back when the clock is set back', () => {
  const eras = createNonceEras({ secret, eraMs })
  const first = eras.current(0)
  const last = eras.current(5 * eraMs)
  assert.equal(eras.isAccepted(first, 0), false)
  assert.equal(eras.current(0), last)
  assert.deepEqual([eras.reached(0), eras.reached(5 * eraMs), eras.reached(6 * eraMs)], [5, 5, 6])
})
