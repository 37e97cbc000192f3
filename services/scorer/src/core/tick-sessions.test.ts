import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Entity } from '@cordon/schemas'

import type { DrivenScorer } from '../fixtures/driven-scorer.ts'
import { forgetAfterMs, openDrivenScorer, untaughtKernel } from '../fixtures/driven-scorer.ts'
import { attempted, completed, ended, entity, opened } from '../fixtures/session-events.ts'

const sessionId = (number: number): string => `0.00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
const one = sessionId(1)
const second = 1000
const minute = 60 * second

const isTombstone = ({ value }: { readonly value: Buffer | null }): boolean => value === null

const tombstones = ({ driver }: DrivenScorer): readonly string[] =>
  driver
    .outputs('session-decisions')
    .filter(isTombstone)
    .map(({ key }) => String(key))

test('an ended session is forgotten when no token names it any more, its decision too', async () => {
  const scorer = await openDrivenScorer()
  const { driver } = scorer
  await scorer.write(opened(one, driver.now), ended(one, driver.now))
  await driver.advance(forgetAfterMs)
  await scorer.tick()
  assert.deepEqual(tombstones(scorer), [])
  assert.equal(scorer.session(one)?.standing, 'ended')
  await driver.advance(1)
  await scorer.tick()
  assert.deepEqual(tombstones(scorer), [one])
  assert.equal(driver.state(one), undefined)
  assert.ok(isTombstone(driver.log('scorer-state').findLast(({ key }) => String(key) === one)!))
  await scorer.write(attempted(one, driver.now, 'call', { mode: 'gate' }))
  assert.equal(scorer.published('gate-verdicts', 'GateVerdict')[0]?.standing, 'unknown')
})

// Nothing but the fixed weight of records that nobody can read: 2 nats each, three of them reach `verify`.
const plainKernel = untaughtKernel({
  thresholds: { verify: 6, readOnly: 20, suspend: 30 },
  weights: { tool: 0, resource: 0, rate: 0, provenance: 0, failures: 0 },
})

/** Brings a session to `verify`, and shows good conduct after that. */
const suspect = async (scorer: DrivenScorer, id: string): Promise<void> => {
  const { now } = scorer.driver
  await scorer.write(opened(id, now))
  for (let poison = 0; poison < 3; poison += 1) await scorer.writeBytes(id, Buffer.from('no record'))
  for (let call = 0; call < 6; call += 1)
    await scorer.write(
      attempted(id, now, `${id}/${call}`, { sequence: call }),
      completed(id, now, `${id}/${call}`, { entities: entities(call) }),
    )
}

// So many that a session's state becomes as large as it can.
const entities = (call: number): readonly Entity[] =>
  Array.from({ length: 64 }, (_, position) => entity(2 ** 51 + call * 64 + position))

test('suspicion fades with time alone, and the decision says when', async () => {
  const scorer = await openDrivenScorer({ kernel: plainKernel })
  const { driver } = scorer
  await suspect(scorer, one)
  assert.equal(scorer.session(one)?.standing, 'verify')
  await driver.advance(minute)
  await scorer.tick()
  assert.equal(scorer.session(one)?.standing, 'verify')
  // 6 nats with a half-life of 15 minutes: 4.5, where `verify` is left, after 6.2 minutes.
  await driver.advance(6 * minute)
  const version = await scorer.tick()
  assert.equal(scorer.session(one)?.standing, 'trusted')
  const decision = scorer.published('session-decisions', 'SessionDecision').at(-1)
  assert.equal(decision?.standing, 'trusted')
  assert.equal(decision?.causedBy, null)
  assert.equal(decision?.version, version)
  assert.equal(decision?.decidedAt, driver.now)
})

test('however many sessions are due at once, each gets its turn, and every tick fits into a commit', async () => {
  // All of them at once are more than a commit takes.
  const sessions = Array.from({ length: 160 }, (_, number) => sessionId(number))
  const scorer = await openDrivenScorer({ kernel: plainKernel })
  const { driver } = scorer
  for (const id of sessions) await suspect(scorer, id)
  const poisons = driver.outputs('dead-letters').length
  await driver.advance(7 * minute)
  for (let ticks = 0; ticks < 10; ticks += 1) await scorer.tick()
  assert.ok(sessions.every(id => scorer.session(id)?.standing === 'trusted'))
  for (const id of sessions) await scorer.write(ended(id, driver.now))
  await driver.advance(forgetAfterMs + 1)
  await scorer.tick()
  assert.equal(tombstones(scorer).length, sessions.length)
  assert.equal(driver.outputs('dead-letters').length, poisons)
})

test('a tick does the same after a crash, when its index is made anew', async () => {
  const scorer = await openDrivenScorer({ kernel: plainKernel })
  const { driver } = scorer
  for (const number of [2, 1, 3]) await suspect(scorer, sessionId(number))
  await scorer.write(opened(sessionId(4), driver.now), ended(sessionId(4), driver.now))
  await scorer.tick()
  driver.crash()
  driver.start()
  await driver.advance(7 * minute)
  await scorer.tick()
  const last = driver.outputs('session-decisions').slice(-4)
  assert.deepEqual(
    last.map(({ key, value }) => [String(key), value === null]),
    [
      [sessionId(4), true],
      [one, false],
      [sessionId(2), false],
      [sessionId(3), false],
    ],
  )
})
