import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Standing } from '@cordon/schemas'

import type { HeldSession } from './held-session.ts'
import { statusOf, type SessionStatus } from './status-of.ts'

const session = {
  human: 'alice',
  agentId: 'agent-7',
  platform: 'desk',
  endsAt: 1000,
  ancestors: [],
  agent: null,
} as unknown as HeldSession
const stored = { session, statusIndex: 0, ended: false }
const facts = {
  standing: 'trusted' as Standing | undefined,
  ancestorStandings: [] as readonly (Standing | undefined)[],
  revocations: new Set<string>(),
  now: 999,
}

const expected: Readonly<Record<Standing, SessionStatus>> = {
  trusted: 'valid',
  verify: 'valid',
  read_only: 'valid',
  suspended: 'suspended',
  unknown: 'suspended',
  ended: 'invalid',
}

test('the status follows the standing', () => {
  for (const [standing, status] of Object.entries(expected))
    assert.equal(statusOf(stored, { ...facts, standing: standing as Standing }), status, standing)
  assert.equal(statusOf(stored, { ...facts, standing: undefined }), 'invalid')
})

test('what has ended, is over or was revoked is not valid', () => {
  assert.equal(statusOf({ ...stored, ended: true }, facts), 'invalid')
  assert.equal(statusOf(stored, { ...facts, now: 1000 }), 'invalid')
  assert.equal(statusOf(stored, { ...facts, revocations: new Set(['agent:agent-7']) }), 'suspended')
})

test('the status follows the parent', () => {
  assert.equal(statusOf(stored, { ...facts, ancestorStandings: ['suspended'] }), 'suspended')
  assert.equal(statusOf(stored, { ...facts, ancestorStandings: ['verify', 'ended'] }), 'invalid')
  assert.equal(statusOf(stored, { ...facts, ancestorStandings: ['verify', undefined] }), 'valid')
})
