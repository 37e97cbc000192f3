import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseAgentId, type SessionId } from '@cordon/foundation'

import { principalScopes } from './principal-scopes.ts'

const actor = (agentId: string, platform: string) => ({
  agentId: parseAgentId(agentId),
  instance: 'i',
  platform,
  model: 'm',
})

test('a principal is stopped by all that it is, and by whoever handed work on to it', () => {
  const scopes = principalScopes({
    human: 'alice',
    agentId: 'agent-8',
    platform: 'desk',
    sessionId: '0.c' as SessionId,
    actor: {
      ...actor('agent-8', 'desk'),
      delegatedBy: { ...actor('agent-7', 'shop'), delegatedBy: actor('agent-1', 'hall') },
    },
    ancestors: ['0.b' as SessionId, '0.a' as SessionId],
    grantId: 'g-1',
  })
  assert.deepEqual([...scopes].sort(), [
    'agent:agent-1',
    'agent:agent-7',
    'agent:agent-8',
    'everything:*',
    'grant:g-1',
    'human:alice',
    'platform:desk',
    'platform:hall',
    'platform:shop',
    'session:0.a',
    'session:0.b',
    'session:0.c',
  ])
})

test('what it has not, nothing stops it by', () => {
  assert.deepEqual(principalScopes({ human: 'alice', agentId: 'human', platform: 'web' }), [
    'everything:*',
    'human:alice',
    'agent:human',
    'platform:web',
  ])
})
