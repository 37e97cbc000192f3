import assert from 'node:assert/strict'
import { test } from 'node:test'

import { claims, issuer, key, makeToken, request } from '../downstream/downstream-fixture.ts'
import { guardHttp } from './guard-http.ts'
import { serve, serveText } from './receiver-fixture.ts'
import { createReceiver, type Receiver } from './receiver.ts'

const clock = { now: () => claims.iat * 1000 }
const detailOf = async (receiver: Receiver, token: string): Promise<string | undefined> => {
  const result = await receiver.verify(token, request)
  assert.ok(!result.ok)
  return result.detail
}

test('an identity under another of its names says which name its tokens have, and how it answered', async context => {
  const identity = await serveText(context, '')
  // Identity's answer to a request under a name that is not its own.
  identity.status = 421
  const receiver = createReceiver({ server: 'files', identity: identity.url, clock })
  assert.deepEqual(await receiver.verify(makeToken(), request), {
    ok: false,
    reason: 'KEYS_UNAVAILABLE',
    detail:
      `keys at ${identity.url}/engines/jwks.json: fetch: expected status 200, got 421; ` +
      `issuer: expected ${identity.url}/engines, got ${issuer}`,
  })
})

test('keys that cannot be had are told with the address and what was got there', async context => {
  const silent = await serve(context, ({ socket }) => void socket.destroy())
  // The second is a port that `fetch` asks nothing at.
  for (const [identity, got] of [
    [silent, 'UND_ERR_SOCKET'],
    ['http://127.0.0.1:1', 'bad port'],
  ] as const) {
    const receiver = createReceiver({ server: 'files', identity, clock })
    const own = makeToken({ ...claims, iss: `${identity}/engines` })
    assert.equal(
      await detailOf(receiver, own),
      `keys at ${identity}/engines/jwks.json: expected an answer, got ${got}`,
    )
  }
  const page = await serveText(context, '<html>')
  const other = createReceiver({
    server: 'files',
    issuer,
    keys: { url: page.url },
    statusList: 'none',
    clock,
  })
  assert.equal(await detailOf(other, makeToken()), `keys at ${page.url}: expected JSON, got other text`)
})

test('a token of another issuer, or for another server, is told with both; what else it says is no detail', async () => {
  const mine = 'https://mine.example/engines'
  const source = { server: 'files', keys: { keys: [key.publicJwk] }, statusList: 'none', clock } as const
  const receiver = createReceiver({ ...source, issuer: mine })
  assert.equal(await detailOf(receiver, makeToken()), `issuer: expected ${mine}, got ${issuer}`)
  const other = createReceiver({ ...source, issuer })
  const forMail = makeToken({ ...claims, aud: 'urn:cordon:server:mail' })
  assert.equal(await detailOf(other, forMail), 'server: expected files, got mail')
  assert.equal(
    await detailOf(other, makeToken({ ...claims, aud: 'x\u001By' })),
    'server: expected files, got x?y',
  )
  assert.equal(await detailOf(other, makeToken({ ...claims, exp: claims.iat })), undefined)
})

test('rejects writing to a log through the issuer of a token that nobody verified', async context => {
  const identity = await serveText(context, 'no keys')
  const receiver = createReceiver({ server: 'files', identity: identity.url, clock })
  const iss = `https://a\u001B[2J\n\u202E${'b'.repeat(500)}`
  const detail = (await detailOf(receiver, makeToken({ ...claims, iss }))) ?? ''
  assert.match(detail, /got https:\/\/a\?\[2J\?\?b+$/)
  assert.ok(detail.length < 400, detail)
})

test('whoever runs the server hears the detail, the caller does not', async context => {
  const heard: (string | undefined)[] = []
  const receiver = createReceiver({
    server: 'files',
    issuer: 'https://mine.example/engines',
    keys: { keys: [key.publicJwk] },
    statusList: 'none',
    clock,
  })
  const guard = guardHttp(receiver, { onRefused: (...refused) => heard.push(...refused) })
  const url = await serve(context, (incoming, response) => void guard(incoming, response))
  const headers = { authorization: `Bearer ${makeToken()}` }
  const body = '{"jsonrpc":"2.0","id":1,"method":"ping"}'
  const answer = await fetch(url, { method: 'POST', headers, body })
  assert.deepEqual(heard, ['ISSUER_REFUSED', `issuer: expected https://mine.example/engines, got ${issuer}`])
  assert.doesNotMatch(await answer.text(), /example/)
})
