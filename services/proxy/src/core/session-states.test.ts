import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { McpSessionEvent, McpSessionState } from './session-states.ts'
import { mcpSessionEnds, nextSessionState } from './session-states.ts'

const states: readonly McpSessionState[] = ['starting', 'open', 'ended']
const events: readonly McpSessionEvent[] = ['initialized', ...mcpSessionEnds]

test('what has ended stays ended', () => {
  for (const event of events) assert.equal(nextSessionState('ended', event), 'ended')
})

test('every end ends, save a failed initialize of a session that is open already', () => {
  for (const state of states) {
    for (const end of mcpSessionEnds) {
      const expected = state === 'open' && end === 'initialize_failed' ? 'open' : 'ended'
      assert.equal(nextSessionState(state, end), expected)
    }
  }
})

test('initialize opens', () => {
  assert.equal(nextSessionState('starting', 'initialized'), 'open')
  assert.equal(nextSessionState('open', 'initialized'), 'open')
})
