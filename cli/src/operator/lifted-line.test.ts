import assert from 'node:assert/strict'
import { test } from 'node:test'

import { liftedLine } from './lifted-line.ts'

test('what is lifted may go on, but for a session that ended meanwhile', () => {
  assert.equal(liftedLine('session:0.a', 1), 'session:0.a may go on.')
  assert.equal(liftedLine('session:0.a', 0), 'session:0.a is not stopped any more; it has ended.')
  assert.equal(liftedLine('agent:a\u001B', 0), 'agent:a\uFFFD may go on.')
})
