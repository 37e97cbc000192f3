import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createIdentityClient } from './identity-client.ts'
import { serveIdentity } from './identity-fixture.ts'
import { openSessions } from './open-sessions.ts'

const entry = (sessionId: string) => ({
  sessionId,
  human: 'alice',
  agent: 'my-agent',
  platform: 'desk',
  standing: 'trusted',
  revokedBy: [],
  openedAt: '2026-11-30T12:00:00.000Z',
  lastSeenAt: '2026-11-30T12:00:00.000Z',
})

test('asks on until the list is at its end, with the secret', async t => {
  const asked: unknown[] = []
  const identity = await serveIdentity(t, (request, response) => {
    asked.push([request.url, request.headers.authorization])
    const isFirst = request.url?.endsWith('=-1') === true
    response.end(JSON.stringify({ sessions: [entry(isFirst ? '0.a' : '0.b')], ...(isFirst && { next: 7 }) }))
  })
  const found = await openSessions(createIdentityClient(identity, 's3cret'))
  assert.deepEqual(
    found.map(({ sessionId }) => sessionId),
    ['0.a', '0.b'],
  )
  assert.deepEqual(asked, [
    ['/sessions?after=-1', 'Bearer s3cret'],
    ['/sessions?after=7', 'Bearer s3cret'],
  ])
})
