import assert from 'node:assert/strict'
import { test } from 'node:test'

import { endingFaults } from './ending-faults.ts'

const ended = { reason: 'SESSION_ENDED' } as const

test('a run in which every engine refused for the reason that was measured is good', () => {
  assert.deepEqual(endingFaults('ended', 'SESSION_ENDED', { missed: 0, refusals: [ended, ended] }), [])
})

test('an engine that never refused, or for another reason, fails the run', () => {
  assert.deepEqual(
    endingFaults('revoked', 'REVOKED', { missed: 2, refusals: [ended, { reason: 'REVOKED' }] }),
    [
      'revoked: expected every engine to refuse every session, got 2 missed',
      'revoked: expected every refusal to be REVOKED, got 1 others',
    ],
  )
})
