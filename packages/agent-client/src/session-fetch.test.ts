import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'

import { generateHolderKey } from '@cordon/tokens'

import { type AgentSessionOptions, openAgentSession } from './agent-session.ts'
import { type LoopbackCordon, openLoopbackCordon } from './fixtures/loopback-cordon.ts'
import { handTiming } from './fixtures/hand-timing.ts'
import { sessionFetch } from './session-fetch.ts'

const openWorld = async (t: TestContext, changed: Partial<AgentSessionOptions> = {}) => {
  const cordon = await openLoopbackCordon()
  const session = await openAgentSession({
    issuer: cordon.url,
    proxyUrl: cordon.url,
    holderKey: generateHolderKey(),
    subjectToken: () => Promise.resolve({ token: 't', type: 'urn:ietf:params:oauth:token-type:id_token' }),
    attest: () => Promise.resolve('attestation'),
    tools: ['files/*', 'mail/*'],
    ...changed,
  })
  t.after(async () => {
    try {
      await session.end()
    } finally {
      await cordon.close()
    }
  })
  const files = sessionFetch(session, 'files')
  return { cordon, session, files, url: `${cordon.url}/mcp/files` }
}

const post = (message: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer of the client' },
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }),
})
const readFile = post({ method: 'tools/call', params: { name: 'read_file', arguments: { path: '/a' } } })
const list = post({ method: 'tools/list' })

const verdicts = ({ proxyRequests }: LoopbackCordon) =>
  proxyRequests.map(({ verdict }) => (verdict.ok ? 'ok' : verdict.reason))
const sequences = ({ proxyRequests }: LoopbackCordon) => proxyRequests.map(({ proof }) => proof['seq'])

test('proves a call: the proxy asks for its nonce once, and gets the same sequence number with it', async t => {
  const { cordon, files, url } = await openWorld(t)
  const response = await files(url, readFile)
  assert.deepEqual(await response.json(), { jsonrpc: '2.0', id: 1, result: {} })
  assert.deepEqual(verdicts(cordon), ['NONCE_REFUSED', 'ok'])
  assert.deepEqual(sequences(cordon), [0, 0])
  const [first, second] = cordon.proxyRequests
  assert.equal(first!.proof['nonce'], '')
  assert.notEqual(first!.proof['jti'], second!.proof['jti'])
  assert.equal(first!.body, second!.body)
  const { server, tool } = second!.proof['mcp'] as Record<string, unknown>
  assert.deepEqual([server, tool], ['files', 'read_file'])
  assert.equal(second!.proof['htu'], url)
  assert.equal((await files(url, readFile)).status, 200)
  assert.deepEqual(verdicts(cordon).slice(2), ['ok'])
  assert.deepEqual(sequences(cordon).slice(2), [1])
})

test('counts calls over all servers, and what calls nothing apart from them', async t => {
  const { cordon, session, files, url } = await openWorld(t)
  const mail = sessionFetch(session, 'mail')
  await files(url, list)
  await files(url, readFile)
  await mail(`${cordon.url}/mcp/mail`, readFile)
  await files(url, { method: 'GET', headers: { accept: 'text/event-stream' } })
  await files(url, { method: 'DELETE' })
  const accepted = cordon.proxyRequests.filter(({ verdict }) => verdict.ok)
  assert.deepEqual(
    accepted.map(({ method, proof }) => [method, Object.keys(proof['mcp'] ?? {}), proof['seq']]),
    [
      ['POST', ['method', 'content_s256'], 0],
      ['POST', ['server', 'tool', 'args_s256'], 0],
      ['POST', ['server', 'tool', 'args_s256'], 1],
      ['GET', [], 1],
      ['DELETE', [], 2],
    ],
  )
})

test('requests side by side have numbers of their own, and none is missing', async t => {
  const { cordon, files, url } = await openWorld(t)
  const responses = await Promise.all(Array.from({ length: 20 }, () => files(url, readFile)))
  assert.ok(responses.every(({ status }) => status === 200))
  const accepted = cordon.proxyRequests.filter(({ verdict }) => verdict.ok).map(({ proof }) => proof['seq'])
  assert.deepEqual(
    accepted.sort((a, b) => Number(a) - Number(b)),
    Array.from({ length: 20 }, (_, index) => index),
  )
})

/**
 * @fault another engine takes over, which knows no nonce and no number of the session
 * @behaviour the agent is asked for its nonce and proves the same call again with the same number; nothing shows but one more round trip
 * @counter none: the agent is not ours
 */
test('goes on when another engine takes over', async t => {
  const { cordon, files, url } = await openWorld(t)
  await files(url, readFile)
  cordon.restartEngine()
  assert.equal((await files(url, readFile)).status, 200)
  assert.deepEqual(verdicts(cordon).slice(2), ['NONCE_REFUSED', 'ok'])
  assert.deepEqual(sequences(cordon).slice(2), [1, 1])
})

test('renews a token that is refused and tries once more, with the same number', async t => {
  const { cordon, files, url } = await openWorld(t)
  await files(url, readFile)
  cordon.refusedTokens.add('token-1-for-files')
  assert.equal((await files(url, readFile)).status, 200)
  assert.deepEqual(
    cordon.proxyRequests.slice(2).map(({ token, proof }) => [token, proof['seq']]),
    [
      ['token-1-for-files', 1],
      ['token-2-for-files', 1],
    ],
  )
})

test('side by side, a refused token is renewed once', async t => {
  const { cordon, files, url } = await openWorld(t)
  await files(url, readFile)
  cordon.refusedTokens.add('token-1-for-files')
  const responses = await Promise.all(Array.from({ length: 5 }, () => files(url, readFile)))
  assert.ok(responses.every(({ status }) => status === 200))
  assert.equal(cordon.identityRequests.length, 2)
})

test('gives the second refusal to the client, and its number to the next call', async t => {
  const { cordon, files, url } = await openWorld(t)
  await files(url, readFile)
  for (const number of [1, 2]) cordon.refusedTokens.add(`token-${number}-for-files`)
  assert.equal((await files(url, readFile)).status, 401)
  assert.deepEqual(sequences(cordon).slice(2), [1, 1])
  cordon.refusedTokens.clear()
  await files(url, readFile)
  assert.deepEqual(sequences(cordon).slice(4), [1])
})

test('an ended session is told as what it is', async t => {
  const { cordon, files, url } = await openWorld(t)
  cordon.refusedTokens.add('token-1-for-files')
  cordon.scripted.push({ status: 400, body: { error: 'invalid_grant' } })
  await assert.rejects(files(url, readFile), { code: 'SESSION_ENDED' })
  await assert.rejects(files(url, readFile), { code: 'SESSION_ENDED' })
})

/**
 * @fault a session ended (idle, log-out, its longest life, an operator) while its agent has a token that is good for minutes
 * @behaviour the refused calls are answered as what they are, identity is asked once, and from then on the session is told as ended
 * @counter none: the agent is not ours
 */
test('calls refused side by side because the session has ended end it here as well', async t => {
  const ended: string[] = []
  const { cordon, session, files, url } = await openWorld(t, { onEnded: ({ code }) => ended.push(code) })
  await files(url, readFile)
  cordon.endSessions()
  const before = cordon.proxyRequests.length
  const refused = await Promise.all(Array.from({ length: 10 }, () => files(url, readFile)))
  for (const response of refused) assert.match(await response.text(), /SESSION_ENDED/)
  await assert.rejects(files(url, readFile), { code: 'SESSION_ENDED' })
  await assert.rejects(session.token('mail'), { code: 'SESSION_ENDED' })
  assert.equal(cordon.proxyRequests.length, before + 10)
  assert.equal(cordon.identityRequests.length, 2)
  assert.deepEqual(ended, ['SESSION_ENDED'])
})

test('no token is shown while identity is asked whether the session has ended', async t => {
  const answered = Promise.withResolvers<undefined>()
  let isHeld = false
  const { cordon, session, files, url } = await openWorld(t, {
    fetch: async (input, init) => {
      if (isHeld && input === `${session.proxyUrl}/token`) await answered.promise
      return fetch(input, init)
    },
  })
  await files(url, readFile)
  cordon.endSessions()
  isHeld = true
  await files(url, readFile)
  const next = Promise.allSettled([session.token('files'), session.delegate('files')])
  answered.resolve(undefined)
  assert.deepEqual(
    (await next).map(({ status }) => status),
    ['rejected', 'rejected'],
  )
})

test('a proxy that lies about the end of a session ends nothing, and makes no flood of requests', async t => {
  const timing = handTiming(Date.now())
  const { cordon, session, files, url } = await openWorld(t, { timing })
  cordon.now = () => timing.now()
  await files(url, readFile)
  cordon.isProxyLying = true
  for (let call = 0; call < 5; call += 1) assert.match(await (await files(url, readFile)).text(), /ENDED/)
  await session.token('files')
  assert.equal(cordon.identityRequests.length, 2)
  await timing.advance(15_000)
  for (let call = 0; call < 5; call += 1) await files(url, readFile)
  await session.token('files')
  assert.equal(cordon.identityRequests.length, 3)
  cordon.isProxyLying = false
  assert.deepEqual(await (await files(url, readFile)).json(), { jsonrpc: '2.0', id: 1, result: {} })
})

test('a session that identity says is suspended goes on being refused', async t => {
  const ended: string[] = []
  const { cordon, files, url } = await openWorld(t, { onEnded: ({ code }) => ended.push(code) })
  await files(url, readFile)
  cordon.isProxyLying = true
  cordon.scripted.push({ status: 400, body: { error: 'invalid_grant', code: 'SESSION_SUSPENDED' } })
  for (let call = 0; call < 2; call += 1) assert.equal((await files(url, readFile)).status, 200)
  assert.equal(cordon.identityRequests.length, 2)
  assert.deepEqual(ended, [])
})

/**
 * @fault the proxy cannot be reached when an agent calls
 * @behaviour the call fails; its number goes to the next call, so that none seems to be hidden
 * @counter none: the agent is not ours
 */
test('a call that never left leaves no gap', async t => {
  let isDown = false
  const unreachable = createServer()
  await new Promise<void>(resolve => unreachable.listen(0, '127.0.0.1', resolve))
  const { port } = unreachable.address() as AddressInfo
  await new Promise(resolve => unreachable.close(resolve))
  const { cordon, files, url } = await openWorld(t, {
    fetch: (input, init) => fetch(isDown ? `http://127.0.0.1:${port}/` : input, init),
  })
  await files(url, readFile)
  isDown = true
  await assert.rejects(files(url, readFile), TypeError)
  isDown = false
  await files(url, readFile)
  assert.deepEqual(sequences(cordon), [0, 0, 1])
})

/**
 * @fault no engine can be asked when an agent calls
 * @behaviour the same call is proved anew with the same number, up to four times in some 3 s; then it is refused, and its number goes to the next call, so that none seems to be hidden
 * @counter none: the agent is not ours
 */
test('a call that no engine counted leaves no gap', async t => {
  const timing = handTiming(Date.now())
  const { cordon, files, url } = await openWorld(t, { timing })
  await files(url, readFile)
  cordon.uncountedReason = 'ENGINE_UNAVAILABLE'
  const refused = await Promise.all([files(url, readFile), files(url, readFile)])
  for (const response of refused)
    assert.deepEqual(await response.json(), { jsonrpc: '2.0', id: 1, result: { isError: true } })
  assert.deepEqual(
    timing.waited.toSorted((a, b) => a - b),
    [250, 250, 1000, 1000, 2000, 2000],
  )
  cordon.uncountedReason = undefined
  const before = cordon.proxyRequests.length
  for (let call = 0; call < 3; call += 1) await files(url, readFile)
  assert.deepEqual(sequences(cordon).slice(before), [1, 2, 3])
  assert.deepEqual(verdicts(cordon).slice(before), ['ok', 'ok', 'ok'])
})

test('an engine that comes back in time gets the call that waited for it', async t => {
  const timing = handTiming(Date.now())
  const { cordon, files, url } = await openWorld(t, {
    timing: {
      ...timing,
      wait: () => {
        cordon.uncountedReason = undefined
        return Promise.resolve()
      },
    },
  })
  await files(url, readFile)
  cordon.uncountedReason = 'ENGINE_UNAVAILABLE'
  assert.deepEqual(await (await files(url, readFile)).json(), { jsonrpc: '2.0', id: 1, result: {} })
  assert.deepEqual(verdicts(cordon).slice(2), ['UNCOUNTED', 'ok'])
  assert.deepEqual(sequences(cordon).slice(2), [1, 1])
  const ids = cordon.proxyRequests.map(({ proof }) => proof['jti'])
  assert.equal(new Set(ids).size, ids.length)
})

test('what would be refused again is sent once, and its number goes to the next call', async t => {
  const { cordon, files, url } = await openWorld(t)
  await files(url, readFile)
  cordon.uncountedReason = 'ARGUMENTS_INVALID'
  await files(url, readFile)
  cordon.uncountedReason = undefined
  await files(url, readFile)
  assert.deepEqual(sequences(cordon).slice(2), [1, 1])
})

test('a call that an engine refused after it counted it keeps its number', async t => {
  const { cordon, files, url } = await openWorld(t)
  await files(url, readFile)
  const { forward } = cordon
  cordon.forward = (_request, response) => response.end('{"jsonrpc":"2.0","id":1,"result":{"isError":true}}')
  await files(url, readFile)
  cordon.forward = forward
  await files(url, readFile)
  assert.deepEqual(sequences(cordon).slice(2), [1, 2])
})

test('a call that was cut off keeps its number: it may have been done', async t => {
  const { cordon, files, url } = await openWorld(t)
  await files(url, readFile)
  const { forward } = cordon
  cordon.forward = request => request.socket.destroy()
  await assert.rejects(files(url, readFile), TypeError)
  cordon.forward = forward
  await files(url, readFile)
  assert.deepEqual(sequences(cordon), [0, 0, 1, 2])
})

test("shows the session's token, whatever the client would show, and to nobody else", async t => {
  const { cordon, files, url } = await openWorld(t)
  await files(url, readFile)
  assert.ok(cordon.proxyRequests.every(({ token }) => token === 'token-1-for-files'))
  const before = cordon.proxyRequests.length
  for (const other of [
    `${cordon.url}/mcp/mail`,
    `${cordon.url}/mcp/files/`,
    `${cordon.url}/.well-known/oauth-authorization-server`,
    'https://attacker.example/mcp/files',
  ])
    await assert.rejects(files(other, readFile), { code: 'REQUEST_UNPROVABLE' })
  await assert.rejects(files(url, { method: 'PATCH' }), { code: 'REQUEST_UNPROVABLE' })
  assert.equal(cordon.proxyRequests.length, before)
})

test('does not follow a redirect with token and proof', async t => {
  const { cordon, files, url } = await openWorld(t)
  cordon.forward = (_request, response) => {
    response.writeHead(307, { location: 'http://attacker.example/' }).end()
  }
  assert.equal((await files(url, readFile)).status, 307)
})

test('takes a Request and a body of bytes as fetch does, and query and headers along', async t => {
  const { cordon, files, url } = await openWorld(t)
  await files(new Request(url, readFile))
  await files(new URL(url), { ...readFile, body: Buffer.from(readFile.body as string) })
  const accepted = cordon.proxyRequests.filter(({ verdict }) => verdict.ok)
  assert.deepEqual(
    accepted.map(({ body }) => body),
    [readFile.body, readFile.body],
  )
})

test('a stream passes as it comes, and ends when the client leaves', async t => {
  const { cordon, files, url } = await openWorld(t)
  const left = new Promise<void>(resolve => {
    cordon.forward = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
      response.on('close', resolve)
    }
  })
  const leave = new AbortController()
  const response = await files(url, { method: 'GET', signal: leave.signal })
  const reader = response.body!.getReader()
  const { value } = await reader.read()
  assert.equal(Buffer.from(value ?? []).toString(), 'data: 1\n\n')
  leave.abort()
  await assert.rejects(reader.read(), { name: 'AbortError' })
  await left
})

test('a client that left before it began sends nothing and takes no number', async t => {
  const { cordon, files, url } = await openWorld(t)
  await assert.rejects(files(url, { ...readFile, signal: AbortSignal.abort() }), { name: 'AbortError' })
  await files(url, readFile)
  assert.deepEqual(sequences(cordon), [0, 0])
})
