import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeSessionId, parseAgentId, uuidV7 } from '@cordon/foundation'

import { bundleOf } from '../bundle-fixture.ts'
import type { HeldSession } from './held-session.ts'
import { isRevocationScope, revocationTarget } from './revocation-target.ts'

const sessionId = makeSessionId(0, uuidV7(1_800_000_000_000))

const session = {
  sessionId,
  human: 'alice',
  agentId: parseAgentId('agent-9'),
  platform: 'elsewhere',
  tools: ['mail/*'],
  ancestors: [],
  agent: null,
  grantId: 'g-1',
} as unknown as HeldSession

const store = {
  open: async function* () {
    yield await Promise.resolve(session)
  },
}

test('what is no scope is none, nor one that names nothing to the letter', () => {
  for (const scope of [
    'everything:*',
    'human:a:b',
    'tool:files/*',
    'tool:mail/send',
    `session:${sessionId}`,
    'grant:g',
  ])
    assert.ok(isRevocationScope(scope), scope)
  const none = ['', 'human', 'human:', ':x', 'everything:all', 'role:x', `human:${'x'.repeat(513)}`]
  const odd = ['tool:mail', 'tool:mail/send ', ' human:a', 'human: a', 'human:a\n', 'session:7', 'tool:*/*']
  for (const scope of [...none, ...odd]) assert.ok(!isRevocationScope(scope), scope)
})

test('tells what the bundle knows from what stops nobody, and counts the sessions that are hit', async () => {
  const table: readonly (readonly [string, boolean, number])[] = [
    ['everything:*', true, 1],
    ['agent:agent-7', true, 0],
    ['agent:agent_7', false, 0],
    ['agent:agent-9', true, 1],
    ['platform:desk', true, 0],
    ['platform:Desk', false, 0],
    ['platform:cordon-direct', true, 0],
    ['human:alice', true, 1],
    ['human:ALICE', false, 0],
    ['human:sue', true, 0],
    ['tool:files/read_file', true, 0],
    ['tool:files/reed_file', false, 0],
    ['tool:files/*', true, 0],
    ['tool:flies/*', false, 0],
    ['tool:mail/send', true, 1],
    ['tool:mail/*', true, 1],
    [`session:${sessionId}`, true, 1],
    [`session:${makeSessionId(1, uuidV7(1))}`, false, 0],
    ['grant:g-1', true, 1],
    ['grant:g-2', false, 0],
  ]
  for (const [scope, ...expected] of table) {
    const { isKnown, openSessions } = await revocationTarget(scope, bundleOf(), store)
    assert.deepEqual([isKnown, openSessions], expected, scope)
  }
})

test('of a tool: tells who is not renewed, since the grant names it, and what only its whole server knows', async () => {
  const entry = { readOnly: true, sensitivity: 1, mode: 'enforce', resources: [] } as const
  const bundle = { ...bundleOf(), catalogue: { 'mail/send': entry, 'mail/*': entry, 'web/*': entry } }
  const asked = async (tools: readonly string[], scope: string): Promise<readonly unknown[]> => {
    const { notRenewed, knownThrough } = await revocationTarget(scope, bundle, {
      open: async function* () {
        yield await Promise.resolve({ ...session, tools })
      },
    })
    return [notRenewed, knownThrough]
  }
  const table: readonly (readonly [readonly string[], string, number, string | undefined])[] = [
    [['mail/*'], 'tool:mail/send', 0, undefined],
    [['mail/send'], 'tool:mail/send', 1, undefined],
    [['mail/*'], 'tool:mail/sned', 0, 'mail/*'],
    [[], 'tool:mail/sned', 0, 'mail/*'],
    // Granted by name and gone from the catalogue.
    [['mail/sign'], 'tool:mail/sign', 1, undefined],
    [['mail/*'], 'tool:mail/*', 1, undefined],
    [['mail/send'], 'tool:mail/*', 1, undefined],
    [[], 'tool:web/*', 0, undefined],
    [[], 'tool:flies/read', 0, undefined],
    [[], 'agent:agent-7', 0, undefined],
    [[], 'human:alice', 1, undefined],
  ]
  for (const [tools, scope, ...expected] of table)
    assert.deepEqual(await asked(tools, scope), expected, scope)
})
