import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createIdentityClient } from './identity-client.ts'
import { serveIdentity } from './identity-fixture.ts'
import { lift, revocations, revoke } from './kill-switch.ts'

test('a slip of the pen is said so: nothing is stopped, and how to stop it all the same', async t => {
  const identity = await serveIdentity(t, (_request, response) =>
    response.writeHead(400).end('{"error":"SCOPE_UNKNOWN","message":"scope: … \\"force\\": true …"}'),
  )
  const asked = { scope: 'human:bob', reason: 'left', force: false }
  await assert.rejects(revoke(createIdentityClient(identity, 's3cret'), asked), {
    code: 'SCOPE_UNKNOWN',
    message: /got human:bob; nothing is stopped, --force /,
  })
})

test('what was let go on is not listed', async t => {
  const revocation = { by: 'operator', reason: 'odd', decidedAt: '2026-11-30T12:00:00.000Z', version: 1 }
  const identity = await serveIdentity(t, (_request, response) =>
    response.end(
      JSON.stringify({
        revocations: [
          { ...revocation, scope: 'agent:a', active: false },
          { ...revocation, scope: 'agent:b', active: true },
        ],
      }),
    ),
  )
  const found = await revocations(createIdentityClient(identity, 's3cret'))
  assert.deepEqual(
    found.map(({ scope }) => scope),
    ['agent:b'],
  )
})

test('of what is not stopped it is said where to find what is', async t => {
  const identity = await serveIdentity(t, (_request, response) =>
    response.writeHead(404).end('{"error":"NOT_FOUND","message":"scope: …"}'),
  )
  await assert.rejects(lift(createIdentityClient(identity, 's3cret'), 'agent:a'), {
    code: 'SCOPE_NOT_REVOKED',
    message: /got agent:a; "cordon revocations" lists them$/,
  })
})

test('any scope can be lifted, whatever stands in it', async t => {
  const asked: unknown[] = []
  const identity = await serveIdentity(t, ({ method, url }, response) => {
    asked.push([method, url])
    response.end('{"scope":"…","openSessions":2}')
  })
  for (const scope of ['tool:files/*', 'human:a b?/#é'])
    assert.equal(await lift(createIdentityClient(identity, 's3cret'), scope), 2)
  assert.deepEqual(asked, [
    ['DELETE', '/revocations/tool%3Afiles%2F*'],
    ['DELETE', '/revocations/human%3Aa%20b%3F%2F%23%C3%A9'],
  ])
})
