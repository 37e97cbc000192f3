import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Standing } from '@cordon/schemas'

import type { StandingEvent } from './standing-moves.ts'
import { standingMoves } from './standing-moves.ts'
import { standings } from './standings.ts'

const rank: Readonly<Record<Standing, number>> = {
  unknown: 0,
  trusted: 1,
  verify: 2,
  read_only: 3,
  suspended: 4,
  ended: 5,
}
const evidence: readonly StandingEvent[] = ['verify', 'readOnly', 'suspend']

test('evidence never lowers a standing', () => {
  for (const standing of standings)
    for (const event of evidence) assert.ok(rank[standingMoves[standing][event]] >= rank[standing])
})

test('a suspension latches: only the end leaves it', () => {
  for (const [event, next] of Object.entries(standingMoves.suspended))
    assert.equal(next, event === 'ended' ? 'ended' : 'suspended')
})

test('nothing leaves the end', () => {
  assert.deepEqual([...new Set(Object.values(standingMoves.ended))], ['ended'])
})

test('relief leaves one level at a time', () => {
  assert.equal(standingMoves.read_only.relief, 'verify')
  assert.equal(standingMoves.verify.relief, 'trusted')
})

test('a session that was never opened becomes nothing but ended', () => {
  for (const event of evidence) assert.equal(standingMoves.unknown[event], 'unknown')
  assert.equal(standingMoves.unknown.opened, 'trusted')
})
