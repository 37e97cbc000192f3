import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'

import { isRotationDue, keyLeadMs, keyTrailMs, planKeys } from '../../core/key-plan.ts'
import { createClock, issuer, type ManualClock, openFixtureDatabase } from '../../identity-fixture.ts'
import type { Database } from '../../ports/database.ts'
import { type KeyRing, openKeyRing } from './key-ring.ts'
import { seal, unseal } from './sealed-text.ts'

const dayMs = 24 * 60 * 60_000
const rules = { planKeys, isRotationDue, keyLeadMs }
let database: Database
let clock: ManualClock

before(async () => {
  database = await openFixtureDatabase()
})
after(async () => database.close())
beforeEach(async () => {
  await database.query('delete from signing_keys')
  clock = createClock()
})

const open = async (sealingKey = Buffer.alloc(32, 1)): Promise<KeyRing> =>
  openKeyRing({ database, clock, issuer, sealingKey, maxAgeMs: 7 * dayMs, rules })

const names = (ring: KeyRing): readonly string[] => ring.published().map(({ kid }) => kid)

test('replicas and restarts have the same key', async () => {
  const [one, other] = await Promise.all([open(), open()])
  assert.equal(one.current().keyId, other.current().keyId)
  assert.equal((await open()).current().keyId, one.current().keyId)
})

test('the next key is published before it signs, and the former until its tokens expired', async () => {
  const ring = await open()
  const former = ring.current().keyId
  assert.equal(await ring.rotate(), true)
  assert.equal(await ring.rotate(), false, 'one stands by')
  assert.equal(ring.current().keyId, former)
  const [, next] = names(ring)
  clock.advance(keyLeadMs - 1)
  assert.equal(ring.current().keyId, former)
  clock.advance(1)
  assert.equal(ring.current().keyId, next)
  assert.deepEqual(names(ring), [former, next])
  clock.advance(keyTrailMs)
  await ring.refresh()
  assert.deepEqual(names(ring), [next])
  assert.deepEqual(await database.query('select key_id from signing_keys'), [{ key_id: next }])
})

test('a restart in the middle of a rotation goes on with it, and so does another replica', async () => {
  const ring = await open()
  const replica = await open()
  const former = ring.current().keyId
  await ring.rotate()
  const restarted = await open()
  await replica.refresh()
  for (const each of [restarted, replica]) {
    assert.equal(each.current().keyId, former)
    assert.deepEqual(names(each), names(ring))
  }
  clock.advance(keyLeadMs)
  assert.equal(restarted.current().keyId, ring.current().keyId)
  assert.notEqual(restarted.current().keyId, former)
})

test('a key that is old enough is replaced without anybody asking', async () => {
  const ring = await open()
  const former = ring.current().keyId
  clock.advance(7 * dayMs - keyLeadMs - 1)
  await ring.refresh()
  assert.equal(names(ring).length, 1)
  clock.advance(1)
  await ring.refresh()
  assert.equal(names(ring).length, 2)
  clock.advance(keyLeadMs)
  assert.notEqual(ring.current().keyId, former)
})

test('without the file that sealed them there are no keys', async () => {
  await open()
  await assert.rejects(open(Buffer.alloc(32, 2)), { code: 'SEALED_OTHERWISE' })
})

test('rejects a sealed key that was changed, or stands under the name of another', () => {
  const sealingKey = Buffer.alloc(32, 1)
  const sealed = seal('a private key', 'one', sealingKey)
  assert.equal(unseal(sealed, 'one', sealingKey), 'a private key')
  assert.doesNotMatch(sealed.toString('latin1'), /private/)
  assert.throws(() => unseal(sealed, 'other', sealingKey), { code: 'SEALED_OTHERWISE' })
  for (let byte = 0; byte < sealed.length; byte += 1) {
    const changed = Buffer.from(sealed)
    changed[byte] = (changed[byte] ?? 0) ^ 1
    assert.throws(() => unseal(changed, 'one', sealingKey), { code: 'SEALED_OTHERWISE' })
  }
})
