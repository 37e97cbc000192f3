import assert from 'node:assert/strict'
import { test } from 'node:test'

import { sessionScopes, type ScopedSession } from './session-scopes.ts'

const id = (last: number): string => `3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a0${last}`

const session = (last: number, known: Partial<ScopedSession> = {}): ScopedSession => ({
  sessionId: id(last),
  human: 'alice',
  agentId: `agent-${last}`,
  platform: `platform-${last}`,
  parentSessionId: undefined,
  ...known,
})

const scopesOf = (...sessions: readonly [ScopedSession, ...ScopedSession[]]): ReadonlySet<string> =>
  new Set(sessionScopes(sessions[0], wanted => sessions.find(({ sessionId }) => sessionId === wanted)))

test('a session is stopped by its own scopes, and by those of whoever handed work on to it', () => {
  const parent = session(2, { parentSessionId: id(3) })
  assert.deepEqual(
    [...scopesOf(session(1, { parentSessionId: id(2) }), parent, session(3), session(4))].toSorted(),
    [
      'agent:agent-1',
      'agent:agent-2',
      'agent:agent-3',
      'everything:*',
      'human:alice',
      'platform:platform-1',
      'platform:platform-2',
      'platform:platform-3',
      `session:${id(1)}`,
      `session:${id(2)}`,
      `session:${id(3)}`,
    ],
  )
})

test('a parent that was not seen stops it by its id, a human who uses tools directly not as an agent', () => {
  const child = session(1, { parentSessionId: id(2) })
  assert.ok(scopesOf(child).has(`session:${id(2)}`))
  const direct = scopesOf(child, session(2, { agentId: 'human', platform: 'desk' }))
  assert.deepEqual(
    [`session:${id(2)}`, 'agent:human', 'platform:desk'].map(scope => direct.has(scope)),
    [true, false, false],
  )
})

test('logs that name a session among its own ancestors end all the same, and what is not known is no name', () => {
  assert.ok(scopesOf(session(1, { parentSessionId: id(1) })).has(`session:${id(1)}`))
  const hostile = { sessionId: 'no session', human: undefined, agentId: undefined, platform: undefined }
  assert.deepEqual([...scopesOf(session(1, hostile))], ['everything:*', 'human:', 'agent:', 'platform:'])
})
