import assert from 'node:assert/strict'
import { test } from 'node:test'

import { AgentClientError, openAgentSession } from '@cordon/agent-client'
import { openLoopbackCordon } from '@cordon/agent-client/fixtures/loopback-cordon'
import { generateHolderKey } from '@cordon/tokens'

import type { UpstreamRequest } from '../ports.ts'
import { createSessionUpstream } from './session-upstream.ts'
import type { Sessions } from './sessions.ts'

const request = (method: UpstreamRequest['method']): UpstreamRequest => ({
  server: 'files',
  method,
  headers: {},
  signal: new AbortController().signal,
})

test('a stream that is taken up again opens no session, a request of the client does, and none for a server that the session is not for', async () => {
  let opened = 0
  const sessions: Sessions = {
    current: () => {
      opened += 1
      return Promise.reject(
        new AgentClientError('SUBJECT_REFUSED', 'expected a token that is good, got none'),
      )
    },
    opened: () => undefined,
    discard: () => undefined,
    logOut: () => undefined,
    end: () => Promise.resolve(),
  }
  const upstream = createSessionUpstream({
    sessions,
    proxyUrl: 'http://127.0.0.1:1',
    servers: new Set(['files', 'mail']),
    onRetry: () => undefined,
  })
  for (const method of ['GET', 'DELETE'] as const)
    await assert.rejects(upstream.send(request(method)), { code: 'STREAM_REFUSED', retryable: true })
  assert.equal(opened, 0)
  await assert.rejects(upstream.send(request('POST')), { code: 'SUBJECT_REFUSED' })
  assert.equal(opened, 1)
  await assert.rejects(upstream.send({ ...request('POST'), server: 'everything' }), {
    code: 'SERVER_UNKNOWN',
    retryable: false,
    message:
      /^this session has no tools on server "everything", it has some on files, mail; add it to the stack, or .* in the bundle/,
  })
  assert.equal(opened, 1)
})

test('a call whose connection stood is not sent again, whatever code it ended with', async t => {
  const cordon = await openLoopbackCordon()
  let sent = 0
  const session = await openAgentSession({
    issuer: cordon.url,
    proxyUrl: cordon.url,
    holderKey: generateHolderKey(),
    subjectToken: () => Promise.resolve({ token: 't', type: 'urn:ietf:params:oauth:token-type:id_token' }),
    tools: ['files/*'],
    fetch: (input, init) => {
      if (input !== `${cordon.url}/mcp/files`) return fetch(input, init)
      sent += 1
      const cause = Object.assign(new Error('read'), { code: 'EHOSTUNREACH', syscall: 'read' })
      return Promise.reject(new TypeError('fetch failed', { cause }))
    },
  })
  t.after(async () => {
    await session.end()
    await cordon.close()
  })
  const upstream = createSessionUpstream({
    sessions: {
      current: () => Promise.resolve(session),
      opened: () => Promise.resolve(session),
      discard: () => undefined,
      logOut: () => undefined,
      end: () => Promise.resolve(),
    },
    proxyUrl: cordon.url,
    servers: new Set(['files']),
    onRetry: () => undefined,
  })
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'a', arguments: {} } }
  await assert.rejects(upstream.send({ ...request('POST'), body: JSON.stringify(call) }), {
    code: 'ANSWER_LOST',
  })
  assert.equal(sent, 1)
})

test('a call that is cancelled while a human is asked or it is above its rate is not sent, and one of another client is', async t => {
  const cordon = await openLoopbackCordon()
  const session = await openAgentSession({
    issuer: cordon.url,
    proxyUrl: cordon.url,
    holderKey: generateHolderKey(),
    subjectToken: () => Promise.resolve({ token: 't', type: 'urn:ietf:params:oauth:token-type:id_token' }),
    tools: ['files/*', 'mail/*'],
  })
  t.after(async () => {
    await session.end()
    await cordon.close()
  })
  const asked: (() => void)[] = []
  const current = () => new Promise<typeof session>(resolve => asked.push(() => resolve(session)))
  const upstream = createSessionUpstream({
    sessions: {
      current,
      opened: current,
      discard: () => undefined,
      logOut: () => undefined,
      end: () => Promise.resolve(),
    },
    proxyUrl: cordon.url,
    servers: new Set(['files', 'mail']),
    onRetry: () => undefined,
  })
  const send = (server: string, client: string, message: object) => {
    const headers = { 'mcp-session-id': client }
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    return upstream.send({ ...request('POST'), server, headers, body })
  }
  const call = { id: 1, method: 'tools/call', params: { name: 'a', arguments: {} } }
  const cancel = { method: 'notifications/cancelled', params: { requestId: 1 } }
  const refused = { code: 'REQUEST_CANCELLED', retryable: false, message: /it was not carried out$/ }
  const rejected = assert.rejects(send('files', 'one', call), refused)
  const others = [send('files', 'other', call), send('mail', 'one', call)]
  const told = send('files', 'one', cancel)
  // The message comes through first.
  asked.pop()?.()
  assert.equal((await told).status, 200)
  for (const go of asked.splice(0)) go()
  await rejected
  for (const { status } of await Promise.all(others)) assert.equal(status, 200)
  const calls = () =>
    cordon.proxyRequests.filter(({ body, verdict }) => verdict.ok && body.includes('tools/call')).length
  assert.equal(calls(), 2)

  const { forward } = cordon
  const limited = new Promise<void>(resolve => {
    cordon.forward = (_request, response) => {
      response.writeHead(200, { 'cordon-call-uncounted': 'RATE_LIMITED' }).end()
      resolve()
    }
  })
  const again = assert.rejects(send('files', 'one', call), refused)
  asked.pop()?.()
  await limited
  cordon.forward = forward
  const toldAgain = send('files', 'one', cancel)
  asked.pop()?.()
  await Promise.all([again, toldAgain])
})
