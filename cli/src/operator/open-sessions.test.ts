import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'

import { openSessions } from './open-sessions.ts'

const serve = async (
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> => {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const entry = (sessionId: string) => ({
  sessionId,
  human: 'alice',
  agent: 'my-agent',
  platform: 'desk',
  standing: 'trusted',
  revokedBy: null,
  openedAt: '2026-11-30T12:00:00.000Z',
  lastSeenAt: '2026-11-30T12:00:00.000Z',
})

test('asks on until the list is at its end, with the secret', async t => {
  const asked: unknown[] = []
  const identity = await serve(t, (request, response) => {
    asked.push([request.url, request.headers.authorization])
    const isFirst = request.url?.endsWith('=-1') === true
    response.end(JSON.stringify({ sessions: [entry(isFirst ? '0.a' : '0.b')], ...(isFirst && { next: 7 }) }))
  })
  const found = await openSessions(identity, 's3cret')
  assert.deepEqual(
    found.map(({ sessionId }) => sessionId),
    ['0.a', '0.b'],
  )
  assert.deepEqual(asked, [
    ['/sessions?after=-1', 'Bearer s3cret'],
    ['/sessions?after=7', 'Bearer s3cret'],
  ])
})

test('says what is in the way, and never the secret', async t => {
  const refusing = await serve(t, (_request, response) => response.writeHead(401).end())
  const strange = await serve(t, (_request, response) => response.end('<html>'))
  const elsewhere = await serve(t, (_request, response) =>
    response.writeHead(302, { location: refusing }).end(),
  )
  for (const [identity, code] of [
    [refusing, 'OPERATOR_REFUSED'],
    [strange, 'IDENTITY_ANSWER_MALFORMED'],
    [elsewhere, 'IDENTITY_UNREACHABLE'],
    ['http://127.0.0.1:1', 'IDENTITY_UNREACHABLE'],
    ['http://identity.example', 'URL_INSECURE'],
  ] as const)
    await assert.rejects(openSessions(identity, 's3cret'), (error: Error & { code: string }) => {
      assert.equal(error.code, code)
      return !error.message.includes('s3cret')
    })
})
