import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { decisionOf, sessionId, startAt } from '../engine-fixture.ts'
import { createDecisionTable } from './decision-table.ts'

const decided = (version: number) =>
  ({ type: 'decision', decision: decisionOf('trusted', { version }) }) as const

test('holds the highest version, in whatever order and however often decisions come', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20 }), { minLength: 1 }), versions => {
      const table = createDecisionTable()
      for (const version of versions) table.apply(3, sessionId, decided(version), startAt)
      assert.equal(table.find(sessionId)?.decision.version, Math.max(...versions))
    }),
  )
})

test('a repeated decision keeps the time of its first arrival', () => {
  const table = createDecisionTable()
  assert.equal(table.apply(3, sessionId, decided(1), 10), 'decided')
  assert.equal(table.apply(3, sessionId, decided(1), 20), 'ignored')
  assert.equal(table.find(sessionId)?.receivedAt, 10)
})

test('a tombstone or an unreadable decision makes the session unknown', () => {
  for (const type of ['removed', 'unreadable'] as const) {
    const table = createDecisionTable()
    assert.equal(table.apply(3, sessionId, { type }, 1), 'ignored')
    table.apply(3, sessionId, decided(1), 1)
    assert.equal(table.apply(3, sessionId, { type }, 2), 'removed')
    assert.equal(table.find(sessionId), undefined)
    assert.equal(table.size, 0)
  }
})

test('rejects a decision under another session’s key, or on another partition', () => {
  const table = createDecisionTable()
  const other = '3.0197b1a0-0000-7000-8000-000000000002'
  assert.equal(table.apply(3, other, decided(1), 1), 'ignored')
  assert.equal(table.apply(4, sessionId, decided(1), 1), 'ignored')
  assert.equal(table.size, 0)
})

test('the age of a beat: none is infinite, a slow clock looks old, a fast one is caught by arrival', () => {
  const table = createDecisionTable()
  const ageAfter = (beatAt: number, receivedAt: number, now: number): number => {
    table.apply(3, '\0beat', { type: 'beat', beat: { partition: 3, position: 0, beatAt } }, receivedAt)
    return table.beatAge(3, now)
  }
  assert.equal(table.beatAge(3, 1_000), Number.POSITIVE_INFINITY)
  assert.equal(ageAfter(1_000, 1_010, 1_500), 500)
  assert.equal(ageAfter(0, 10_000, 10_000), 10_000)
  assert.equal(ageAfter(3_600_000, 10_000, 17_000), 7_000)
  assert.equal(ageAfter(1_000, 1_010, 990), 0)
})
