import assert from 'node:assert/strict'
import { request as httpRequest, type RequestListener } from 'node:http'
import { test, type TestContext } from 'node:test'

import { claims, issuer, key, makeToken } from '../downstream/downstream-fixture.ts'
import { createReceiver, guardHttp } from '../receiver.ts'
import type { GuardFault } from './guard-http.ts'
import { serve } from './receiver-fixture.ts'

const message = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'read_file', arguments: { path: '/a' } },
})

type AsyncListener = (...args: Parameters<RequestListener>) => Promise<void>

interface Guarded {
  readonly url: string
  readonly refused: GuardFault[]
  /** What was let through. */
  readonly acted: unknown[]
}

/** @param before what a framework does with a request before it comes to the guard */
const openServer = async (
  context: TestContext,
  before: (request: object, text: string | undefined) => unknown = () => undefined,
  reads = false,
): Promise<Guarded> => {
  const refused: GuardFault[] = []
  const acted: unknown[] = []
  const receiver = createReceiver({
    server: 'files',
    issuer,
    keys: { keys: [key.publicJwk] },
    statusList: 'none',
    clock: { now: () => claims.iat * 1000 },
  })
  const guard = guardHttp(receiver, { maxBodyBytes: 1000, onRefused: reason => refused.push(reason) })
  const handle: AsyncListener = async (request, response) => {
    let text: string | undefined = undefined
    if (reads) {
      text = ''
      for await (const chunk of request) text += String(chunk)
    }
    const call = await guard(request, response, before(request, text))
    if (call === undefined) return
    acted.push(call.body)
    response.end(call.caller.human)
  }
  const url = await serve(context, (request, response) => void handle(request, response))
  return { url, refused, acted }
}

const post = async (
  { url }: Guarded,
  headers: Record<string, string> = { authorization: `Bearer ${makeToken()}` },
  body: string = message,
): Promise<{ status: number; text: string; challenge: string | null }> => {
  const response = await fetch(url, { method: 'POST', headers, body })
  return {
    status: response.status,
    text: await response.text(),
    challenge: response.headers.get('www-authenticate'),
  }
}

test('lets a call pass that the engine let pass, and says for whom', async context => {
  const server = await openServer(context)
  assert.deepEqual(await post(server), { status: 200, text: 'alice', challenge: null })
  assert.deepEqual(server.acted, [JSON.parse(message)])
})

test('rejects going around the proxy: no token, an agent token, a token that was used', async context => {
  const server = await openServer(context)
  const { status, challenge } = await post(server, {})
  assert.deepEqual([status, challenge], [401, 'Bearer error="invalid_token"'])
  const asAgent = makeToken(claims, { typ: 'at+jwt', alg: 'EdDSA', kid: key.keyId })
  assert.equal((await post(server, { authorization: `Bearer ${asAgent}` })).status, 401)
  assert.equal((await post(server, { authorization: `DPoP ${makeToken()}` })).status, 401)
  assert.equal((await post(server)).status, 200)
  assert.equal((await post(server)).status, 401)
  assert.deepEqual(server.refused, ['TOKEN_ABSENT', 'TYPE_REFUSED', 'TOKEN_ABSENT', 'TOKEN_SPENT'])
  assert.equal(server.acted.length, 1)
})

test('rejects another call with a token that is good', async context => {
  const server = await openServer(context)
  for (const body of [
    message.replace('/a', '/b'),
    message.replace('read_file', 'write_file'),
    '{"method":"ping"}',
    message.replace('"arguments"', '"requestState":"s","arguments"'),
  ])
    assert.equal((await post(server, undefined, body)).status, 403)
  assert.deepEqual(server.refused, ['ARGUMENTS_REFUSED', 'TOOL_REFUSED', 'METHOD_REFUSED', 'REST_REFUSED'])
})

test('rejects another answer with the token of one', async context => {
  const server = await openServer(context)
  // printf '%s' '{"id":1,"result":{"action":"accept"}}' | openssl dgst -sha256 -binary | basenc --base64url
  const token = makeToken({
    ...claims,
    mcp: { method: 'answer', content_s256: 'k6fYitYBhLbsqUwnBOaoBOAwynX5_jAEveXPAF0-Pw4' },
  })
  const headers = { authorization: `Bearer ${token}` }
  const answer = (action: string) => `{"jsonrpc":"2.0","id":1,"result":{"action":"${action}"}}`
  assert.equal((await post(server, headers, answer('decline'))).status, 403)
  assert.deepEqual(server.refused, ['CONTENT_REFUSED'])
  assert.equal((await post(server, headers, answer('accept'))).status, 200)
})

test('rejects numbers that are others as doubles: the digest of the token is that of their neighbours', async context => {
  const server = await openServer(context)
  const inexact = message.replace('"/a"', '9007199254740993')
  assert.equal((await post(server, undefined, inexact)).status, 400)
  const parsed = await openServer(context, (_request, text) => text, true)
  assert.equal((await post(parsed, undefined, inexact)).status, 400)
  const answer = '{"jsonrpc":"2.0","id":1,"result":{"temperature":0.70000000000000000001}}'
  assert.equal((await post(server, undefined, answer)).status, 400)
  assert.deepEqual(server.refused, ['NUMBER_INEXACT', 'NUMBER_INEXACT'])
  assert.deepEqual(parsed.refused, ['NUMBER_INEXACT'])
})

test('takes the token beside an authorization of the server itself', async context => {
  const server = await openServer(context)
  const headers = { authorization: 'Bearer own-secret', 'cordon-call-token': makeToken() }
  assert.equal((await post(server, headers)).status, 200)
})

test('a GET has a token for GET, and no body', async context => {
  const server = await openServer(context)
  const ofGet = makeToken({ ...claims, mcp: { method: 'GET' } })
  const get = (token: string): Promise<Response> =>
    fetch(server.url, { headers: { authorization: `Bearer ${token}` } })
  assert.equal((await get(makeToken())).status, 403)
  assert.equal((await get(ofGet)).status, 200)
  const put = await fetch(server.url, { method: 'PUT', headers: { authorization: 'Bearer x' }, body: '{}' })
  assert.equal(put.status, 405)
})

test('rejects bodies that are no message, say things twice, or are too long', async context => {
  const server = await openServer(context)
  for (const body of ['', '[]', `[${message}]`, 'x', message.replace('"id":1', '"id":1,"id":2')])
    assert.equal((await post(server, undefined, body)).status, 400, body)
  assert.equal((await post(server, undefined, `{"a":"${'x'.repeat(1000)}"}`)).status, 413)
  assert.deepEqual(server.acted, [])
})

test('rejects a body that is too long and does not say so', async context => {
  const server = await openServer(context)
  const status = await new Promise(resolve => {
    const request = httpRequest(server.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${makeToken()}`, 'transfer-encoding': 'chunked' },
    })
    request.on('response', response => resolve(response.statusCode))
    request.on('error', () => resolve('closed'))
    request.write(`{"a":"${'x'.repeat(600)}`)
    request.end(`${'x'.repeat(600)}"}`)
  })
  assert.equal(status, 413)
  assert.deepEqual(server.refused, ['BODY_TOO_LARGE'])
})

test('uses what a framework has parsed, where it keeps it or where it is handed over', async context => {
  const inRequest = await openServer(
    context,
    (request, text) => void Object.assign(request, { body: JSON.parse(text ?? '') as unknown }),
    true,
  )
  assert.equal((await post(inRequest)).status, 200)
  const asBuffer = await openServer(
    context,
    (request, text) => void Object.assign(request, { body: Buffer.from(text ?? '') }),
    true,
  )
  assert.equal((await post(asBuffer)).status, 200)
  const handedOver = await openServer(context, (_request, text) => JSON.parse(text ?? '') as unknown, true)
  assert.equal((await post(handedOver)).status, 200)
  const unread = await openServer(context, request => void Object.assign(request, { body: {} }))
  assert.equal((await post(unread)).status, 200)
})

test('a body that was read before and is nowhere is a fault of the server, and nothing passes', async context => {
  const server = await openServer(context, () => undefined, true)
  assert.equal((await post(server)).status, 500)
  assert.deepEqual(server.refused, ['BODY_ALREADY_READ'])
})
