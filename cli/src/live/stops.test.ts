import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { RevocationFact } from './revocation-fact.ts'
import { stopInWords } from './stop.ts'
import { Stops } from './stops.ts'

const fact = (version: number, change: Partial<RevocationFact> = {}): RevocationFact => ({
  kind: 'revocation',
  isNew: true,
  scope: 'agent:a',
  active: true,
  version,
  issuedAt: Date.UTC(2026, 10, 30, 12),
  by: 'operator',
  reason: 'odd',
  ...change,
})

test('a scope is stopped from its highest statement on, and what says the same again is no news', () => {
  const stops = new Stops()
  const lifted = { active: false, reason: 'lifted' } as const
  const said = [
    fact(2),
    fact(2),
    fact(1, lifted),
    fact(3),
    fact(4, { reason: 'odder' }),
    fact(5, lifted),
    fact(6, lifted),
    fact(7),
  ].map(each => stops.apply(each))
  assert.deepEqual(said, [
    'stopped',
    undefined,
    undefined,
    undefined,
    'stopped',
    'lifted',
    undefined,
    'stopped',
  ])
  assert.deepEqual(stops.among(['agent:b', 'agent:a', 'agent:a']).map(stopInWords), [
    'agent:a since 2026-11-30T12:00:00Z by operator: odd',
  ])
  assert.equal(new Stops().apply(fact(1, lifted)), undefined, 'it was never seen stopped')
})

test('scopes are bounded: those that may go on are forgotten first', () => {
  const stops = new Stops()
  stops.apply(fact(1, { scope: 'human:stopped' }))
  stops.apply(fact(1, { scope: 'human:lifted' }))
  stops.apply(fact(2, { scope: 'human:lifted', active: false }))
  for (let index = 0; index < 9_999; index += 1) stops.apply(fact(1, { scope: `session:${index}` }))
  assert.equal(stops.among(['human:stopped']).length, 1)
  stops.apply(fact(1, { scope: 'session:one-more' }))
  assert.equal(stops.among(['human:stopped']).length, 0)
})
