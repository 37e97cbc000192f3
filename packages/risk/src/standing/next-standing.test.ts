import assert from 'node:assert/strict'
import { test } from 'node:test'

import { nextStanding } from './next-standing.ts'

const thresholds = { verify: 3, readOnly: 6, suspend: 9 }
const minute = 60_000

test('rises at the thresholds, over several levels at once', () => {
  const trusted = { standing: 'trusted', conforming: 0 } as const
  assert.equal(nextStanding(trusted, 0, 2.99, thresholds), 'trusted')
  assert.equal(nextStanding(trusted, 0, 3, thresholds), 'verify')
  assert.equal(nextStanding(trusted, 0, 6, thresholds), 'read_only')
  assert.equal(nextStanding(trusted, 0, 9, thresholds), 'suspended')
})

test('leaves a level only 1.5 nats below it, after 5 conforming calls and 60 s', () => {
  const conduct = { standing: 'verify', conforming: 5 } as const
  assert.equal(nextStanding(conduct, minute, 1.5, thresholds), 'trusted')
  assert.equal(nextStanding(conduct, minute, 1.51, thresholds), 'verify')
  assert.equal(nextStanding(conduct, minute - 1, 1.5, thresholds), 'verify')
  assert.equal(nextStanding({ ...conduct, conforming: 4 }, minute, 1.5, thresholds), 'verify')
})

test('leaves read-only for verify even where no evidence is left', () => {
  assert.equal(nextStanding({ standing: 'read_only', conforming: 9 }, minute, 0, thresholds), 'verify')
  assert.equal(nextStanding({ standing: 'read_only', conforming: 9 }, minute, 4.6, thresholds), 'read_only')
})

test('stays suspended without any evidence', () => {
  assert.equal(nextStanding({ standing: 'suspended', conforming: 99 }, 1e9, 0, thresholds), 'suspended')
})

test('a threshold below 1.5 nats can still be left', () => {
  const low = { verify: 1, readOnly: 6, suspend: 9 }
  assert.equal(nextStanding({ standing: 'verify', conforming: 5 }, minute, 0, low), 'trusted')
})
