import assert from 'node:assert/strict'
import { test } from 'node:test'

import { sessionLines } from './session-lines.ts'

const session = {
  sessionId: '3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b',
  human: 'alice',
  agent: 'my-agent',
  platform: 'desk',
  standing: 'trusted',
  revokedBy: [],
  openedAt: '2026-11-30T12:00:00.123Z',
  lastSeenAt: '2026-11-30T12:05:00.000Z',
}

test('a line a session, with its whole id, under titles', () =>
  assert.deepEqual(
    sessionLines([session, { ...session, revokedBy: ['agent:my-agent'], human: 'a\u001B[2J' }]),
    [
      'SESSION                                 STANDING                            SINCE                 LAST SEEN             AGENT     PLATFORM  HUMAN',
      '3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b  trusted                             2026-11-30T12:00:00Z  2026-11-30T12:05:00Z  my-agent  desk      alice',
      '3.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b  trusted, stopped by agent:my-agent  2026-11-30T12:00:00Z  2026-11-30T12:05:00Z  my-agent  desk      a\uFFFD[2J',
    ],
  ))

test('what is stopped by its own id says so without the id', () =>
  assert.match(
    sessionLines([{ ...session, revokedBy: [`session:${session.sessionId}`] }]).at(-1) ?? '',
    / {2}trusted, stopped by its own id {2}/,
  ))

test('each scope that stops it is told', () =>
  assert.match(
    sessionLines([{ ...session, revokedBy: ['human:alice', `session:${session.sessionId}`] }]).at(-1) ?? '',
    / {2}trusted, stopped by human:alice and its own id {2}/,
  ))

test('nobody at work is said', () => assert.deepEqual(sessionLines([]), ['No session is open.']))
