import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openAgentSession, sessionFetch } from '@cordon/agent-client'
import { openLoopbackCordon } from '@cordon/agent-client/fixtures/loopback-cordon'
import { generateHolderKey } from '@cordon/tokens'

import { numberOf } from './number-of.ts'
import { everythingOnStdio, openProxyWorld } from './proxy-world.ts'

test('an agent whose calls the proxy turns away before anybody asks the engine shows no gap in their numbers', async t => {
  const { proxy, engine } = await openProxyWorld(t, everythingOnStdio)
  const identity = await openLoopbackCordon()
  t.after(() => identity.close())
  const session = await openAgentSession({
    issuer: identity.url,
    proxyUrl: `http://127.0.0.1:${proxy.port}`,
    holderKey: generateHolderKey(),
    subjectToken: () => Promise.resolve({ token: 't', type: 'urn:ietf:params:oauth:token-type:id_token' }),
    attest: () => Promise.resolve('a'),
    tools: ['everything/*'],
  })
  const everything = sessionFetch(session, 'everything')
  let mcpSession = ''
  const post = async (message: object, headers: Record<string, string> = {}): Promise<number> => {
    const response = await everything(`http://127.0.0.1:${proxy.port}/mcp/everything`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(mcpSession !== '' && { 'mcp-session-id': mcpSession }),
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    })
    mcpSession = response.headers.get('mcp-session-id') ?? mcpSession
    await response.text()
    return response.status
  }
  const call = (id: number, params: object = {}): object => ({
    id,
    method: 'tools/call',
    params: { name: 'echo', arguments: { message: 'x' }, ...params },
  })
  const clientInfo = { name: 'agent', version: '1' }
  await post({
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
  })
  await post({ method: 'notifications/initialized' })
  assert.equal(await post(call(2)), 200)
  const turnedAway = [
    await post(call(3, { later: 1 })),
    await post(call(4, { arguments: [1] })),
    await post(call(5), { 'mcp-session-id': 'gone' }),
    await post(call(6), { accept: 'text/plain' }),
    await post(call(7), { 'content-type': 'text/plain' }),
    await post(call(8), { 'mcp-protocol-version': '1999-01-01' }),
    await post(call(9), { 'mcp-protocol-version': '2026-07-28' }),
    await post(call(10), { traceparent: 'x'.repeat(20_000) }),
    await post(call(11, { arguments: { message: 'x'.repeat(5_000_000) } })),
  ]
  assert.deepEqual(turnedAway, [200, 200, 404, 406, 415, 400, 400, 400, 413])
  assert.equal(await post(call(12)), 200)
  await session.end()
  assert.deepEqual(
    engine.calls.map(({ proof }) => numberOf(proof)),
    [0, 1],
  )
})
