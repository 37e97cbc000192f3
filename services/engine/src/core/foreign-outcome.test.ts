import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { OutcomeReport } from '@cordon/engine-socket'
import { parseInvocationId } from '@cordon/foundation'

import type { EngineFixture } from '../engine-fixture.ts'
import { createEngineFixture, namesOf } from '../engine-fixture.ts'
import { bundle, principal, sessionId, startAt } from '../session-fixture.ts'

const dayMs = 86_400_000

/** Of a call that the engine under test has never seen. */
const reportOf = (call: Partial<OutcomeReport['call']> = {}): OutcomeReport => ({
  type: 'outcome',
  invocationId: parseInvocationId('elsewhere'),
  outcome: 'ok',
  resultBytes: 3,
  resultDigest: 'ab'.repeat(32),
  entities: [],
  entitiesOverflow: false,
  wording: '',
  call: { token: 'valid', server: 'files', tool: 'read_file', ...call },
})

const isTakenOver = ({ log, unattributed }: EngineFixture): boolean => {
  assert.equal(log.length + unattributed.length, 1)
  return log.length === 1
}

const refusedFor = (
  reason: 'EXPIRED' | 'KEY_UNKNOWN',
  former?: typeof principal,
): Parameters<typeof createEngineFixture>[0] => ({
  tokens: { verify: () => ({ ok: false, reason, ...(former && { former }) }) },
})

describe('the outcome of a call that another engine let pass', () => {
  test('is on record in the session of the token that the call came with', () => {
    const { engine, log, unattributed } = createEngineFixture()
    engine.recordOutcome(reportOf())
    assert.deepEqual(unattributed, [])
    const [completed] = log
    assert.ok(completed?.name === 'InvocationCompleted')
    const { invocationId, tool, completedAt } = completed.value
    assert.deepEqual(
      [completed.value.sessionId, invocationId, tool, completedAt],
      [sessionId, 'elsewhere', 'files/read_file', startAt],
    )
  })

  test('is on record before what the session does next', async () => {
    const { engine, log, call } = createEngineFixture()
    const next = call('read_file')
    engine.recordOutcome(reportOf())
    await call('read_file')
    await next
    assert.equal(namesOf(log)[1], 'InvocationCompleted')
  })

  test('waits where the token’s key has to be fetched', async () => {
    const world = createEngineFixture({
      tokens: { verify: () => Promise.resolve({ ok: true, token: principal }) },
    })
    world.engine.recordOutcome(reportOf())
    await Promise.resolve()
    assert.ok(isTakenOver(world))
  })

  test('is on record for a day after its token expired, as calls outlive them', () => {
    for (const [ageMs, taken] of [
      [dayMs, true],
      [dayMs + 1, false],
    ] as const) {
      const world = createEngineFixture(refusedFor('EXPIRED', principal))
      world.world.now = principal.expiresAt + ageMs
      world.engine.recordOutcome(reportOf())
      assert.equal(isTakenOver(world), taken)
    }
  })

  test('is on record where the token’s key was withdrawn after this engine had verified it, and only there', () => {
    for (const former of [principal, undefined]) {
      const world = createEngineFixture(refusedFor('KEY_UNKNOWN', former))
      world.engine.recordOutcome(reportOf())
      assert.equal(isTakenOver(world), former !== undefined)
    }
  })
})

describe('an enforcement point that makes outcomes up', () => {
  const refused: Readonly<Record<string, Partial<OutcomeReport['call']>>> = {
    'with a forged token': { token: 'forged' },
    'with another server’s token': { server: 'mail' },
    'of a tool that the session was not granted': { tool: 'format_disk' },
    'of a tool that there is not': { tool: 'unlisted' },
  }
  for (const [how, call] of Object.entries(refused)) {
    test(`is refused ${how}`, () => {
      const world = createEngineFixture()
      world.engine.recordOutcome(reportOf(call))
      assert.equal(isTakenOver(world), false)
    })
  }

  test('is refused in a session that is not known, and without a bundle', () => {
    for (const missing of ['decision', 'bundle'] as const) {
      const world = createEngineFixture()
      world.world[missing] = undefined
      world.engine.recordOutcome(reportOf())
      assert.equal(isTakenOver(world), false)
    }
  })

  test('gets as many of them on record as may be open at once, and keeps no call of the session out by that', async () => {
    const { engine, log, unattributed, world, call } = createEngineFixture()
    world.bundle = { ...bundle, rateLimit: { callsPerSecond: 5, burst: 10 } }
    for (let count = 0; count < 1005; count += 1) engine.recordOutcome(reportOf())
    assert.deepEqual([log.length, unattributed.length], [1000, 5])
    for (let turn = 0; turn < 10; turn += 1) assert.equal((await call('read_file')).verdict, 'forward')
    world.now += 1000
    for (let count = 0; count < 10; count += 1) engine.recordOutcome(reportOf())
    assert.equal(unattributed.length, 10, 'then as many a second as it may make calls')
  })
})
