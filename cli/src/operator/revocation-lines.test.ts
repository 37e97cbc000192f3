import assert from 'node:assert/strict'
import { test } from 'node:test'

import { revocationLines } from './revocation-lines.ts'

test('a line a scope, under titles, and nothing in it draws', () => {
  const revocation = { by: 'operator', decidedAt: '2026-11-30T12:00:00.123Z' }
  assert.deepEqual(
    revocationLines([
      { ...revocation, scope: 'agent:my-agent', reason: 'under investigation' },
      { ...revocation, scope: 'human:a', reason: 'a\u001B[2J' },
    ]),
    [
      'SCOPE           SINCE                 BY        REASON',
      'agent:my-agent  2026-11-30T12:00:00Z  operator  under investigation',
      'human:a         2026-11-30T12:00:00Z  operator  a\uFFFD[2J',
    ],
  )
  assert.deepEqual(revocationLines([]), ['Nothing is stopped.'])
})
