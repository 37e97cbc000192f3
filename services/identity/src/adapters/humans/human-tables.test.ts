import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { after, before, test } from 'node:test'

import { calculateJwkThumbprint } from 'jose'

import { takeAttempt, takeBackAttempt } from '../../core/humans/attempt-limit.ts'
import { planKeys } from '../../core/humans/key-rotation.ts'
import { networksOf, networksPerSite } from '../../core/humans/networks-of.ts'
import type { Database } from '../../ports/database.ts'
import { openDatabase } from '../database/open-database.ts'
import { createDatabaseAttempts } from './database-attempts.ts'
import { readOidcKeys } from './database-oidc-keys.ts'
import { createDatabaseOidcRecords } from './database-oidc-records.ts'
import { humanMigrations } from './human-migrations.ts'

const dayMs = 24 * 60 * 60_000
let now = 1_800_000_000_000
const clock = { now: () => now }
const sealingKey = Buffer.alloc(32, 5)
const rules = { networksOf, networksPerSite }
let database: Database
before(async () => {
  database = await openDatabase({
    location: { kind: 'memory' },
    migrations: humanMigrations,
    onLost: () => undefined,
  })
})
after(async () => database.close())

test('rejects guesses side by side, and after a restart', async () => {
  const attemptRules = { takeAttempt, takeBackAttempt }
  const attempts = createDatabaseAttempts(database, clock, attemptRules)
  const waits = await Promise.all(Array.from({ length: 12 }, async () => attempts.take('account', 'alice')))
  assert.equal(waits.filter(wait => wait === 0).length, 5)
  const restarted = createDatabaseAttempts(database, clock, attemptRules)
  assert.equal(await restarted.take('account', 'alice'), 30_000)
  assert.equal(await restarted.take('account', 'bob'), 0)
  assert.equal(await restarted.take('network', 'alice'), 0)
  await restarted.takeBack('account', 'alice')
  assert.equal(await restarted.take('account', 'alice'), 0)
  await restarted.forget('account', 'alice')
  const rows = await database.query<{ subject: Buffer }>('select subject from human_attempts')
  assert.ok(rows.every(({ subject }) => subject.length === 32))
})

test('two replicas that start at once share one key, and both follow when it rotates', async () => {
  const [one, two] = await Promise.all([
    readOidcKeys(database, clock, planKeys, sealingKey),
    readOidcKeys(database, clock, planKeys, sealingKey),
  ])
  assert.deepEqual(one, two)
  assert.deepEqual([one.signing.length, one.cookies.length], [1, 1])
  const [first] = one.signing
  assert.ok(first !== undefined)
  assert.equal(first.kid, await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x: first.x, y: first.y }))
  assert.equal(
    createPrivateKey({ key: { ...first }, format: 'jwk' }).asymmetricKeyDetails?.namedCurve,
    'prime256v1',
  )
  now += 30 * dayMs
  const kids = async (): Promise<string[]> =>
    (await readOidcKeys(database, clock, planKeys, sealingKey)).signing.map(({ kid }) => kid)
  const [signing, next] = await kids()
  assert.equal(signing, first.kid)
  assert.ok(next !== undefined)
  now += dayMs
  assert.deepEqual(await kids(), [next, first.kid])
  now += dayMs
  assert.deepEqual(await kids(), [next])
})

test('rejects a code that two redeem at once', async () => {
  const codes = createDatabaseOidcRecords(database, clock, sealingKey, rules).adapterOf('AuthorizationCode')
  await codes.upsert('code-1', { jti: 'code-1', grantId: 'g-1' }, 60)
  const redeemed = await Promise.allSettled([codes.consume('code-1'), codes.consume('code-1')])
  assert.deepEqual(redeemed.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  const found = await codes.find('code-1')
  assert.equal(found?.consumed, now / 1000)
  await codes.revokeByGrantId('g-1')
  assert.equal(await codes.find('code-1'), undefined)
})

test('finds records by user code and uid, of their own kind only, and sweeps what is over', async () => {
  const records = createDatabaseOidcRecords(database, clock, sealingKey, rules)
  const devices = records.adapterOf('DeviceCode')
  const sessions = records.adapterOf('Session')
  await devices.upsert('device-1', { jti: 'device-1', userCode: 'BCDFGHJK' }, 300)
  const body = {
    jti: 'session-1',
    uid: 'uid-1',
    accountId: 'alice',
    authorizations: { 'cordon-connect': { sid: 'sid-1' } },
  }
  await sessions.upsert('session-1', body, 600)
  assert.equal((await devices.findByUserCode('BCDFGHJK'))?.jti, 'device-1')
  assert.equal((await sessions.findByUid('uid-1'))?.jti, 'session-1')
  assert.equal(await devices.find('session-1'), undefined)
  assert.equal(await records.count('DeviceCode'), 1)
  assert.equal(await records.isSignedIn('alice', 'cordon-connect', 'sid-1'), true)
  assert.equal(await records.isSignedIn('bob', 'cordon-connect', 'sid-1'), false)
  assert.equal(await records.isSignedIn('alice', 'cordon-connect', 'sid-2'), false)
  now += 301_000
  assert.equal(await records.count('DeviceCode'), 0)
  assert.notEqual(await devices.find('device-1'), undefined)
  now += 600_000
  assert.equal(await records.isSignedIn('alice', 'cordon-connect', 'sid-1'), false)
  await records.sweep()
  assert.equal(await devices.find('device-1'), undefined)
})

test('of too many devices the oldest of the address with most goes, and none that a human has allowed', async () => {
  await database.query('delete from oidc_records')
  const records = createDatabaseOidcRecords(database, clock, sealingKey, rules)
  const devices = records.adapterOf('DeviceCode')
  const add = async (name: string, address: string, rest: object = {}): Promise<void> => {
    now += 1000
    await devices.upsert(name, { jti: name, userCode: name, deviceInfo: { address }, ...rest }, 300)
  }
  const left = async (): Promise<readonly string[]> => {
    const names = ['alone', 'allowed', 'first', 'second', 'third']
    const found = await Promise.all(names.map(async name => devices.find(name)))
    return names.filter((_, index) => found[index] !== undefined)
  }
  await add('alone', '192.0.2.1')
  await add('allowed', '2001:db8::1', { grantId: 'g-1' })
  await add('first', '2001:db8::2')
  await add('second', '2001:db8::3')
  await add('third', '2001:db8::4')
  assert.equal(await records.dropDeviceCode(), true)
  assert.deepEqual(await left(), ['alone', 'allowed', 'second', 'third'])
  await records.dropDeviceCode()
  assert.deepEqual(await left(), ['alone', 'allowed', 'third'])
  await records.dropDeviceCode()
  await records.dropDeviceCode()
  assert.equal(await records.dropDeviceCode(), false)
  assert.deepEqual(await left(), ['allowed'])
})

test('rejects a site that takes all places from networks of its own: devices of one network stay', async () => {
  await database.query('delete from oidc_records')
  const records = createDatabaseOidcRecords(database, clock, sealingKey, rules)
  const devices = records.adapterOf('DeviceCode')
  const add = async (name: string, address: string): Promise<void> => {
    now += 1000
    await devices.upsert(name, { jti: name, userCode: name, deviceInfo: { address } }, 300)
  }
  for (const name of ['office-1', 'office-2']) await add(name, '192.0.2.1')
  for (let index = 0; index < 31; index += 1)
    await add(`flood-${index}`, `2001:db8:0:${index.toString(16)}::1`)
  // Three times ten networks count as three, so many as two of one network go no more.
  for (let dropped = 0; dropped < 11; dropped += 1) await records.dropDeviceCode()
  assert.ok((await devices.find('office-1')) !== undefined)
  assert.equal(await records.count('DeviceCode'), 22)
  await records.dropDeviceCode()
  assert.equal(await devices.find('office-1'), undefined)
})
