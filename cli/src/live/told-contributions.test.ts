import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ToldContributions } from './told-contributions.ts'

const fact = { signal: 'provenance', nats: 3.3, fact: 'the path came from a result' }

test('what was said of a session is news again only with another fact or more evidence', () => {
  const told = new ToldContributions()
  const rows = [
    ['first', fact, true],
    ['again', fact, false],
    ['older', { ...fact, fact: `${fact.fact} (2 calls ago)` }, false],
    ['faded', { ...fact, nats: 2.1 }, false],
    ['more', { ...fact, nats: 4 }, true],
    ['another fact', { ...fact, nats: 4, fact: 'the host came from a result' }, true],
    ['another signal', { ...fact, signal: 'rate' }, true],
  ] as const
  for (const [what, contribution, isNews] of rows)
    assert.equal(told.news('session', [contribution]).length, Number(isNews), what)
  assert.equal(told.news('another session', [fact]).length, 1)
})

test('what is remembered is bounded', () => {
  const told = new ToldContributions()
  for (let session = 0; session < 1001; session += 1) told.news(`${session}`, [fact])
  assert.equal(told.news('1000', [fact]).length, 0)
  assert.equal(told.news('0', [fact]).length, 1)
})
