import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseAgentId, type SessionId } from '@cordon/foundation'
import type { RevocationStatement } from '@cordon/tokens'

import { principal, startAt } from '../session-fixture.ts'
import { createRevocationTable } from './revocation-table.ts'

const statement = (scope: string, version = 1, active = true): RevocationStatement => ({
  scope,
  active,
  version,
  issuedAt: startAt,
  by: 'operator',
  reason: 'a drill',
})

test('stops by agent, human, platform, session, server, tool and everything, and nobody else', () => {
  for (const [scope, isRevoked] of [
    [`agent:${principal.agentId}`, true],
    ['agent:another', false],
    ['human:alice', true],
    ['human:bob', false],
    ['platform:scripts', true],
    [`session:${principal.sessionId}`, true],
    ['session:3.0197b1a0-0000-7000-8000-000000000009', false],
    ['tool:files/*', true],
    ['tool:files/read_file', true],
    ['tool:mail/read_file', false],
    ['tool:files/write_file', false],
    ['everything:*', true],
  ] as const) {
    const table = createRevocationTable()
    assert.equal(table.apply(statement(scope)), 'revoked')
    assert.equal(table.revokedBy(principal, 'read_file'), isRevoked ? scope : undefined)
  }
})

test('whoever delegated takes those with it whom it delegated to', () => {
  const delegated = {
    ...principal,
    actor: {
      agentId: principal.agentId,
      instance: '2',
      platform: 'scripts',
      model: 'm',
      delegatedBy: { agentId: parseAgentId('parent'), instance: '1', platform: 'desk', model: 'm' },
    },
  }
  for (const scope of ['agent:parent', 'platform:desk']) {
    const table = createRevocationTable()
    table.apply(statement(scope))
    assert.equal(table.revokedBy(delegated, ''), scope)
    assert.equal(table.revokedBy(principal, ''), undefined, scope)
  }
})

test('a session that is stopped takes those with it that its agent handed work on to, and theirs', () => {
  const [root, parent] = [`3.0197b1a0-0000-7000-8000-0000000000aa`, `3.0197b1a0-0000-7000-8000-0000000000ab`]
  const child = { ...principal, ancestors: [parent, root] as SessionId[] }
  for (const scope of [`session:${parent}`, `session:${root}`]) {
    const table = createRevocationTable()
    table.apply(statement(scope))
    assert.equal(table.revokedBy(child, ''), scope)
    assert.equal(table.revokedBy(principal, ''), undefined, scope)
  }
})

test('the highest version counts: an old statement that is shown again reinstates nobody', () => {
  const table = createRevocationTable()
  const scope = 'human:alice'
  table.apply(statement(scope, 1))
  assert.equal(table.apply(statement(scope, 2, false)), 'reinstated')
  assert.equal(table.apply(statement(scope, 3)), 'revoked')
  assert.equal(table.apply(statement(scope, 2, false)), 'older')
  assert.equal(table.apply(statement(scope, 3, false)), 'older')
  assert.equal(table.apply(statement(scope, 3)), 'unchanged')
  assert.equal(table.revokedBy(principal, ''), 'human:alice')
  assert.equal(table.apply(statement(scope, 4)), 'unchanged')
})

test('what was found of a token is not believed after something changed', () => {
  const table = createRevocationTable()
  table.apply(statement('human:bob'))
  assert.equal(table.revokedBy(principal, ''), undefined)
  const { epoch } = table
  table.apply(statement('human:alice'))
  assert.equal(table.epoch, epoch + 1)
  assert.equal(table.revokedBy(principal, ''), 'human:alice')
  table.apply(statement('human:alice', 2, false))
  assert.equal(table.revokedBy(principal, ''), undefined)
  assert.equal(table.size, 1)
})
