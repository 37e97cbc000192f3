import assert from 'node:assert/strict'
import { test } from 'node:test'

import { z } from 'zod'

import { createIdentityClient } from './identity-client.ts'
import { serveIdentity } from './identity-fixture.ts'

const secret = 's3cret'
const answer = z.object({ done: z.boolean() })

test('shows the secret, and says what is asked', async t => {
  const asked: unknown[] = []
  const identity = await serveIdentity(t, (request, response) => {
    const { method, url, headers } = request
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      asked.push([method, url, headers.authorization, headers['content-type'], body])
      response.end('{"done":true}')
    })
  })
  const client = createIdentityClient(`${identity}/`, secret)
  assert.deepEqual(await client.ask({ method: 'GET', path: '/a?b=1', answer }), { done: true })
  await client.ask({ method: 'POST', path: '/c', body: { d: 'é' }, answer })
  assert.deepEqual(asked, [
    ['GET', '/a?b=1', `Bearer ${secret}`, undefined, ''],
    ['POST', '/c', `Bearer ${secret}`, 'application/json', '{"d":"é"}'],
  ])
})

test('says what is in the way, and never the secret', async t => {
  const refusing = await serveIdentity(t, (_request, response) => response.writeHead(401).end())
  const strange = await serveIdentity(t, (_request, response) => response.end('<html>'))
  const broken = await serveIdentity(t, (_request, response) => response.writeHead(502).end('<html>'))
  const elsewhere = await serveIdentity(t, (_request, response) =>
    response.writeHead(302, { location: refusing }).end(),
  )
  const endless = await serveIdentity(t, (_request, response) => {
    const chunk = Buffer.alloc(1024 * 1024, 32)
    const more = (): void => void (response.destroyed || response.write(chunk, more))
    more()
  })
  const cutOff = await serveIdentity(t, (_request, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('{', () => response.destroy())
  })
  for (const [identity, code] of [
    [endless, 'IDENTITY_ANSWER_MALFORMED'],
    [cutOff, 'IDENTITY_UNREACHABLE'],
    [refusing, 'OPERATOR_REFUSED'],
    [strange, 'IDENTITY_ANSWER_MALFORMED'],
    [broken, 'IDENTITY_UNREACHABLE'],
    [elsewhere, 'IDENTITY_UNREACHABLE'],
    ['http://127.0.0.1:1', 'IDENTITY_UNREACHABLE'],
    ['http://identity.example', 'URL_INSECURE'],
  ] as const)
    await assert.rejects(
      async () => createIdentityClient(identity, secret).ask({ method: 'GET', path: '/', answer }),
      (error: Error & { code: string }) => {
        assert.equal(error.code, code)
        return !error.message.includes(secret)
      },
    )
})

test('names what no system has a code for', async t => {
  const elsewhere = await serveIdentity(t, (_request, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1' }).end(),
  )
  for (const [identity, said] of [
    ['http://127.0.0.1:9', /got a port that HTTP clients do not connect to/],
    [elsewhere, /got a redirect to another address/],
  ] as const)
    await assert.rejects(createIdentityClient(identity, secret).ask({ method: 'GET', path: '/', answer }), {
      code: 'IDENTITY_UNREACHABLE',
      message: said,
    })
})

test("asks whether the stack is another one, where identity does not know the operators' secret", async t => {
  const identity = await serveIdentity(t, (_request, response) => response.writeHead(401).end())
  await assert.rejects(createIdentityClient(identity, secret).ask({ method: 'GET', path: '/', answer }), {
    code: 'OPERATOR_REFUSED',
    message:
      /; is another stack running at this address\? --data names its folder, --secret-file its secret$/,
  })
})

test('passes on why identity does not do it', async t => {
  const message = 'revocation: expected the brokers to acknowledge it, got no answer'
  const identity = await serveIdentity(t, (_request, response) =>
    response.writeHead(503).end(JSON.stringify({ error: 'LOG_UNAVAILABLE', message })),
  )
  await assert.rejects(createIdentityClient(identity, secret).ask({ method: 'GET', path: '/', answer }), {
    code: 'REQUEST_REFUSED',
    reason: 'LOG_UNAVAILABLE',
    message,
  })
})

test('asks whether it is identity that answers, where something else does', async t => {
  const identity = await serveIdentity(t, (_request, response) => response.writeHead(404).end())
  await assert.rejects(createIdentityClient(identity, secret).ask({ method: 'GET', path: '/', answer }), {
    code: 'IDENTITY_UNREACHABLE',
    message: /: expected status 200, got 404; is this identity\?$/,
  })
})
