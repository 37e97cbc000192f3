import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'

import { parseKeySet, verifyRevocation } from '@cordon/tokens'

import { isRotationDue, keyLeadMs, planKeys } from '../../core/key-plan.ts'
import { createClock, issuer, type ManualClock, openFixtureDatabase } from '../../identity-fixture.ts'
import type { Database } from '../../ports/database.ts'
import { type KeyRing, openKeyRing } from '../keys/key-ring.ts'
import { type KillSwitch, openKillSwitch } from './kill-switch.ts'
import type { RevocationLog } from './revocation-log.ts'

const scope = 'agent:agent-7'
let database: Database
let clock: ManualClock
let keys: KeyRing
/** The topic. */
let topic: Map<string, string>
let isUp = true

before(async () => {
  database = await openFixtureDatabase()
})
after(async () => database.close())
beforeEach(async () => {
  await database.query('delete from revocations')
  await database.query('delete from signing_keys')
  clock = createClock()
  topic = new Map()
  isUp = true
  keys = await openKeyRing({
    database,
    clock,
    issuer,
    sealingKey: Buffer.alloc(32, 1),
    maxAgeMs: 1e12,
    rules: { planKeys, isRotationDue, keyLeadMs },
  })
})

/** @param publish by default to the topic, as long as it is up */
const open = async (
  publish: RevocationLog['publish'] = ({ scope: of, statement }) => {
    if (isUp) topic.set(of, statement)
    return Promise.resolve(isUp)
  },
): Promise<KillSwitch> =>
  openKillSwitch({
    database,
    clock,
    issuer,
    key: () => keys.current(),
    log: { readAll: () => Promise.resolve(new Map(topic)), publish },
  })

const stated = (): unknown => {
  const verified = verifyRevocation(topic.get(scope) ?? '', {
    issuer,
    keys: parseKeySet({ keys: keys.published() }),
  })
  return typeof verified === 'string' ? verified : [verified.active, verified.version, verified.reason]
}

test('what is revoked and taken back goes out signed, each with a higher version', async () => {
  const killSwitch = await open()
  assert.equal(await killSwitch.decide({ scope, active: true, by: 'operator', reason: 'odd' }), true)
  assert.deepEqual([...killSwitch.active()], [scope])
  assert.deepEqual(stated(), [true, 1, 'odd'])
  await killSwitch.decide({ scope, active: false, by: 'operator', reason: 'lifted' })
  assert.deepEqual([...killSwitch.active()], [])
  assert.deepEqual(stated(), [false, 2, 'lifted'])
})

test('why a scope was stopped outlives that it is lifted, signed anew, and lifted once more', async () => {
  const killSwitch = await open()
  const why = (): unknown => killSwitch.list().map(({ reason, revokedFor }) => [reason, revokedFor])
  const decide = async (active: boolean, reason: string): Promise<boolean> =>
    killSwitch.decide({ scope, active, by: 'operator', reason })
  await decide(true, 'odd')
  await decide(false, 'lifted')
  await keys.rotate()
  clock.advance(keyLeadMs)
  await killSwitch.refresh()
  assert.deepEqual(why(), [['lifted', 'odd']])
  await decide(false, 'lifted')
  assert.deepEqual(why(), [['lifted', 'odd']])
  await decide(true, 'odder')
  assert.deepEqual(why(), [['odder', undefined]])
})

test('what the brokers did not take holds here at once, and goes out when they are back', async () => {
  const killSwitch = await open()
  isUp = false
  assert.equal(await killSwitch.decide({ scope, active: true, by: 'operator', reason: 'odd' }), false)
  assert.deepEqual([...killSwitch.active()], [scope])
  isUp = true
  await killSwitch.refresh()
  assert.deepEqual(stated(), [true, 1, 'odd'])
})

test('a restart writes what the topic lacks, and nothing else', async () => {
  const before = await open()
  await before.decide({ scope, active: true, by: 'operator', reason: 'odd' })
  const statement = topic.get(scope)
  topic.clear()
  const restarted = await open()
  assert.deepEqual([...restarted.active()], [scope])
  assert.equal(topic.get(scope), statement)
  isUp = false
  await open()
})

test('a statement is signed again when another key takes over, so that whoever starts later believes it', async () => {
  const killSwitch = await open()
  await killSwitch.decide({ scope, active: true, by: 'operator', reason: 'odd' })
  await keys.rotate()
  const decidedAt = clock.now()
  clock.advance(keyLeadMs)
  await killSwitch.refresh()
  assert.deepEqual(stated(), [true, 2, 'odd'])
  assert.equal(killSwitch.list()[0]?.decidedAt, decidedAt, 'operators are told since when it is stopped')
  assert.equal(killSwitch.list()[0]?.keyId, keys.current().keyId)
})

test('upkeep that meets a decision writes no statement twice, and none behind a newer one', async () => {
  const written: string[] = []
  let gate: PromiseWithResolvers<void> | undefined
  const reached = Promise.withResolvers<void>()
  const killSwitch = await open(async ({ scope: of, statement }) => {
    written.push(statement)
    topic.set(of, statement)
    reached.resolve()
    await gate?.promise
    return true
  })
  gate = Promise.withResolvers()
  const decided = killSwitch.decide({ scope, active: true, by: 'operator', reason: 'odd' })
  await reached.promise
  // It reads the statement that is being written, and stops at it; the next decision is kept before it goes on.
  const refreshed = killSwitch.refresh()
  const lifted = killSwitch.decide({ scope, active: false, by: 'operator', reason: 'lifted' })
  while (killSwitch.active().size > 0) await new Promise(setImmediate)
  gate.resolve()
  gate = undefined
  assert.deepEqual([await decided, await lifted], [true, true])
  await refreshed
  assert.equal(written.length, 2)
  assert.deepEqual(stated(), [false, 2, 'lifted'])
})

test('upkeep that is late with what it read writes nothing behind a newer decision', async () => {
  const other = 'agent:agent-0'
  const written: string[] = []
  let isAway = true
  const gate = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const killSwitch = await open(async ({ scope: of, statement }) => {
    if (isAway) return false
    written.push(of)
    topic.set(of, statement)
    reached.resolve()
    if (of === other) await gate.promise
    return true
  })
  for (const each of [other, scope])
    await killSwitch.decide({ scope: each, active: true, by: 'operator', reason: 'odd' })
  isAway = false
  const refreshed = killSwitch.refresh()
  await reached.promise
  assert.equal(await killSwitch.decide({ scope, active: false, by: 'operator', reason: 'lifted' }), true)
  gate.resolve()
  await refreshed
  assert.deepEqual(written, [other, scope])
  assert.deepEqual(stated(), [false, 2, 'lifted'])
})

test('another replica knows what one decided', async () => {
  const [one, other] = [await open(), await open()]
  await one.decide({ scope, active: true, by: 'operator', reason: 'odd' })
  await other.refresh()
  assert.deepEqual([...other.active()], [scope])
})
