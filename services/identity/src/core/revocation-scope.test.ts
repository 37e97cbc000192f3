import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseAgentId, type SessionId } from '@cordon/foundation'
import type { Actor } from '@cordon/tokens'

import { isToolRevoked, revokedScope, revokedScopes } from './revocation-scope.ts'

const session = { human: 'alice', agentId: 'agent-7', platform: 'desk' }

test('a scope stops what it names and nothing else', () => {
  const table: readonly (readonly [string, boolean])[] = [
    ['everything:*', true],
    ['human:alice', true],
    ['human:alic', false],
    ['agent:agent-7', true],
    ['agent:alice', false],
    ['platform:desk', true],
    ['session:0.x', false],
    ['tool:files/read', false],
  ]
  for (const [scope, stops] of table)
    assert.equal(revokedScope(new Set([scope]), session), stops ? scope : undefined, scope)
})

test('each scope that stops somebody is told, since each has to be lifted', () =>
  assert.deepEqual(revokedScopes(new Set(['agent:agent-7', 'human:bob', 'human:alice']), session), [
    'human:alice',
    'agent:agent-7',
  ]))

test('whoever handed work on takes along whom it handed it to', () => {
  const link = (agentId: string, platform: string): Actor => ({
    agentId: parseAgentId(agentId),
    instance: 'i',
    platform,
    model: 'm',
  })
  const child = {
    ...session,
    actor: { ...link('agent-7', 'desk'), delegatedBy: link('agent-1', 'shop') },
    ancestors: ['0.parent', '0.root'] as SessionId[],
  }
  for (const scope of ['agent:agent-1', 'platform:shop', 'session:0.parent', 'session:0.root'])
    assert.equal(revokedScope(new Set([scope]), child), scope)
})

test('a tool is stopped by its name, or with all of its server', () => {
  assert.equal(isToolRevoked(new Set(['tool:files/read']), 'files/read'), true)
  assert.equal(isToolRevoked(new Set(['tool:files/*']), 'files/read'), true)
  assert.equal(isToolRevoked(new Set(['tool:files/read']), 'files/*'), false)
  assert.equal(isToolRevoked(new Set(['tool:files/*']), 'mail/send'), false)
})
