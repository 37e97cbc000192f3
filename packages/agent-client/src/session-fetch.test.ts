import assert from 'node:assert/strict'
import { test } from 'node:test'

import { list, openFetchWorld, readFile, sequences, verdicts } from './fixtures/fetch-world.ts'
import { sessionFetch } from './session-fetch.ts'

test('proves a call: the proxy asks for its nonce once, and gets the same sequence number with it', async t => {
  const { cordon, files, url } = await openFetchWorld(t)
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
  const { cordon, session, files, url } = await openFetchWorld(t)
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
  const { cordon, files, url } = await openFetchWorld(t)
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
 * @counter none: it happens in the agent's process, where nothing counts
 */
test('goes on when another engine takes over', async t => {
  const { cordon, files, url } = await openFetchWorld(t)
  await files(url, readFile)
  cordon.restartEngine()
  assert.equal((await files(url, readFile)).status, 200)
  assert.deepEqual(verdicts(cordon).slice(2), ['NONCE_REFUSED', 'ok'])
  assert.deepEqual(sequences(cordon).slice(2), [1, 1])
})

test("shows the session's token, whatever the client would show, and to nobody else", async t => {
  const { cordon, files, url } = await openFetchWorld(t)
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
  const { cordon, files, url } = await openFetchWorld(t)
  cordon.forward = (_request, response) => {
    response.writeHead(307, { location: 'http://attacker.example/' }).end()
  }
  assert.equal((await files(url, readFile)).status, 307)
})

test('takes a Request and a body of bytes as fetch does, and query and headers along', async t => {
  const { cordon, files, url } = await openFetchWorld(t)
  await files(new Request(url, readFile))
  await files(new URL(url), { ...readFile, body: Buffer.from(readFile.body as string) })
  const accepted = cordon.proxyRequests.filter(({ verdict }) => verdict.ok)
  assert.deepEqual(
    accepted.map(({ body }) => body),
    [readFile.body, readFile.body],
  )
})

test('a stream passes as it comes, and ends when the client leaves', async t => {
  const { cordon, files, url } = await openFetchWorld(t)
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
  const { cordon, files, url } = await openFetchWorld(t)
  await assert.rejects(files(url, { ...readFile, signal: AbortSignal.abort() }), { name: 'AbortError' })
  await files(url, readFile)
  assert.deepEqual(sequences(cordon), [0, 0])
})
