import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { SessionId } from '@cordon/foundation'
import { parseSessionId } from '@cordon/foundation'
import type { Standing } from '@cordon/schemas'
import * as fc from 'fast-check'

import { beatOf as signedBeat, decisionOf, sessionId } from '../session-fixture.ts'
import { at, decided, openTable, tombstone, unreadable } from '../decision-table-fixture.ts'
import type { TableRecord } from './decision-table.ts'

const beatOf = (beatAt: number, position = beatAt): TableRecord => ({
  type: 'beat',
  beat: signedBeat({ partition: 3, position, beatAt }),
})

describe('decisions', () => {
  test('the highest version is held, in whatever order and however often they come', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 }), { minLength: 1 }), versions => {
        const { apply, held } = openTable()
        for (const version of versions) apply(decided(version))
        assert.equal(held(), `trusted ${Math.max(...versions)}`)
      }),
    )
  })

  test('a repeated one keeps the time of its first arrival', () => {
    const { table } = openTable()
    assert.equal(table.apply(3, sessionId, decided(1), at(10)), 'decided')
    assert.equal(table.apply(3, sessionId, decided(1), at(20)), 'ignored')
    assert.equal(table.find(sessionId)?.receivedAt, 10)
  })

  test('rejects one under another session’s key', () => {
    const { table } = openTable()
    for (const key of ['3.0197b1a0-0000-7000-8000-000000000002', 'no session', ''])
      assert.equal(table.apply(3, key, decided(1), at(1)), 'misplaced')
    assert.equal(table.size, 0)
  })

  test('rejects whatever stands on another partition than the session’s', () => {
    const { table, apply, held } = openTable()
    apply(decided(1))
    for (const record of [decided(2, 'suspended'), tombstone, unreadable])
      assert.equal(table.apply(4, sessionId, record, at(1)), 'misplaced')
    assert.equal(held(), 'trusted 1')
  })
})

describe('what cannot be read', () => {
  test('denies the session, and only a later decision than those before opens it again', () => {
    const { apply, held } = openTable()
    apply(decided(9, 'suspended'))
    assert.equal(apply(unreadable), 'doubted')
    assert.equal(held(), 'unknown 9')
    assert.equal(apply(decided(1)), 'replayed')
    assert.equal(apply(decided(9)), 'ignored')
    assert.equal(apply(decided(10)), 'decided')
    assert.equal(held(), 'trusted 10')
  })

  test('changes nothing of a session that has ended, or that is not known', () => {
    const { apply, held } = openTable()
    assert.equal(apply(unreadable), 'ignored')
    assert.equal(held(), undefined)
    apply(decided(1, 'ended'))
    assert.equal(apply(unreadable), 'ignored')
    assert.equal(held(), 'ended 1')
  })
})

describe('a tombstone', () => {
  test('removes a session that has ended', () => {
    const { table, apply, forgotten } = openTable()
    assert.equal(apply(tombstone), 'ignored')
    apply(decided(1, 'ended'))
    assert.equal(apply(tombstone), 'forgotten')
    assert.deepEqual([table.size, forgotten], [0, [sessionId]])
  })

  test('denies any other at its version', () => {
    for (const standing of ['trusted', 'verify', 'read_only', 'suspended', 'unknown'] as const) {
      const { apply, held, forgotten } = openTable()
      apply(decided(5, standing))
      assert.equal(apply(tombstone), 'doubted')
      assert.equal(apply(decided(5)), 'ignored')
      assert.equal(held(), 'unknown 5')
      apply(decided(6))
      assert.equal(held(), 'trusted 6')
      assert.deepEqual(forgotten, [])
    }
  })

  test('of such sessions no more are held than fit; the oldest go first', () => {
    const { table, forgotten } = openTable(2)
    const sessions = [1, 2, 3, 4].map(index =>
      parseSessionId(`3.0197b1a0-0000-7000-8000-00000000000${index}`),
    )
    const bury = (session: SessionId): void => {
      table.apply(
        3,
        session,
        { type: 'decision', decision: decisionOf('trusted', { sessionId: session }) },
        at(1),
      )
      table.apply(3, session, tombstone, at(2))
    }
    const [first, second, third, fourth] = sessions as [SessionId, SessionId, SessionId, SessionId]
    bury(first)
    bury(second)
    // Comes back, so it is none of them any more.
    const back = decisionOf('trusted', { sessionId: first, version: 11 })
    table.apply(3, first, { type: 'decision', decision: back }, at(3))
    bury(third)
    assert.deepEqual(forgotten, [])
    bury(fourth)
    assert.deepEqual(forgotten, [second])
    assert.equal(table.size, 3)
  })
})

test('nothing but a later decision ever makes more of a session', () => {
  const record = fc.oneof(
    fc.record({
      version: fc.nat({ max: 9 }),
      standing: fc.constantFrom<Standing>('trusted', 'verify', 'read_only', 'suspended', 'ended'),
    }),
    fc.constantFrom('tombstone', 'unreadable'),
  )
  fc.assert(
    fc.property(fc.array(record), records => {
      const { apply, held } = openTable()
      let highest = -1
      for (const each of records) {
        const before = held()
        if (typeof each === 'string') {
          apply({ type: each })
          const after = held()
          assert.ok(after === undefined || after.startsWith('ended') || after === `unknown ${highest}`)
          // Removed after its end: the version may be forgotten with it.
          if (after === undefined) highest = -1
        } else {
          apply(decided(each.version, each.standing))
          if (each.version <= highest) assert.equal(held(), before)
          highest = Math.max(highest, each.version)
        }
      }
    }),
  )
})

test('the age of a beat: none is infinite, a slow clock looks old, a fast one is caught by arrival', () => {
  const { table } = openTable()
  let position = 0
  const ageAfter = (beatAt: number, receivedAt: number, now: number): number => {
    position += 1
    table.apply(3, '\0beat', beatOf(beatAt, position), at(receivedAt))
    return table.beatAge(3, at(now))
  }
  assert.equal(table.beatAge(3, at(1_000)), Number.POSITIVE_INFINITY)
  assert.equal(ageAfter(1_000, 1_010, 1_500), 500)
  assert.equal(ageAfter(0, 10_000, 10_000), 10_000)
  assert.equal(ageAfter(3_600_000, 10_000, 17_000), 7_000)
  assert.equal(ageAfter(1_000, 1_010, 1_010), 10)
})

/**
 * @fault a clock jumps: the engine’s, or the scorer’s
 * @behaviour a beat counts as old by the engine’s steady clock and by the scorer’s: a jump makes a partition stale until a beat comes by whose clock it is young, and never hides a dead scorer
 * @counter none: `cordon_engine_decision_staleness_seconds` shows it
 */
test('an engine whose clock is set back still sees that the scorer is dead; set ahead, it waits for the next beat', () => {
  const { table } = openTable()
  table.apply(3, '\0beat', beatOf(3_600_000), { wall: 3_600_000, steady: 50_000 })
  assert.equal(table.beatAge(3, { wall: 0, steady: 57_000 }), 7_000)
  assert.equal(table.beatAge(3, { wall: 7_200_000, steady: 50_100 }), 3_600_000)
  table.apply(3, '\0beat', beatOf(7_201_000), { wall: 7_201_000, steady: 51_100 })
  assert.equal(table.beatAge(3, { wall: 7_201_000, steady: 51_100 }), 0)
})

test('rejects the beat of another partition', () => {
  const { table } = openTable()
  const beat: TableRecord = { type: 'beat', beat: signedBeat({ partition: 4, position: 0, beatAt: 1 }) }
  assert.equal(table.apply(3, '\0beat', beat, at(1)), 'misplaced')
  assert.equal(table.beatAge(3, at(1)), Number.POSITIVE_INFINITY)
})
