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
