import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import { eventually } from '../support/eventually.ts'
import { connectModernAgent } from './modern-agent.ts'
import type { ModernAgent } from './modern-agent.ts'
import { openProxyWorld } from './proxy-world.ts'
import type { ProxyWorld } from './proxy-world.ts'
import { sendJson, startScriptedServer } from './scripted-http-server.ts'
import type { Answering } from './scripted-http-server.ts'

const faultyServer = fileURLToPath(new URL('faulty-server.process.ts', import.meta.url))

const hello = { content: [{ type: 'text', text: 'hello' }] }
const call = { name: 'call', arguments: {} }

type World = ProxyWorld & ModernAgent

/** A stateless agent before a server with sessions, whose `tools/call` the test answers. */
const overHttp = async (
  context: TestContext,
  answerCall: Answering,
  options: Parameters<typeof openProxyWorld>[2] = {},
  answerGet: Answering = (_, response) => response.writeHead(405).end(),
): Promise<World> => {
  const { url } = await startScriptedServer(context, (request, response) => {
    if (request.message?.method === 'tools/call') return answerCall(request, response)
    if (request.method === 'GET') return answerGet(request, response)
    response.writeHead(202).end()
  })
  const world = await openProxyWorld(context, { faulty: { transport: 'http', url, headers: {} } }, options)
  return { ...world, ...(await connectModernAgent(context, world.urlOf('faulty'), 'alice')) }
}

const onStdio = async (
  context: TestContext,
  options: Parameters<typeof openProxyWorld>[2] = {},
): Promise<World> => {
  const world = await openProxyWorld(
    context,
    { faulty: { transport: 'stdio', command: process.execPath, args: [faultyServer], env: {} } },
    options,
  )
  return { ...world, ...(await connectModernAgent(context, world.urlOf('faulty'), 'alice')) }
}

/** The agent reads what is wrong, the engine knows, it is counted, and the next call is not the worse for it. */
const failsClearly = async (
  { client, engine, telemetry }: World,
  name: string,
  kind: string,
  expected: RegExp,
): Promise<void> => {
  await assert.rejects(client.callTool({ name, arguments: {} }), expected)
  await eventually('the engine knows', () => engine.outcomes.length === 1)
  assert.equal(engine.outcomes[0]!.outcome, kind === 'timeout' ? 'timeout' : 'error')
  const counted = new RegExp(`cordon_proxy_upstream_faults_total\\{kind="${kind}"\\} 1\n`)
  assert.match(await telemetry.metrics(), counted)
}

/**
 * @fault a tool server with sessions forgets the one that Cordon keeps for stateless agents
 * @behaviour the call fails with -32011 and says so; the next call opens another session
 * @counter cordon_proxy_upstream_faults_total{kind="failed"}
 */
test('a server that forgot the session is initialized anew by the next call', async context => {
  let calls = 0
  const world = await overHttp(context, ({ message }, response) => {
    calls += 1
    if (calls === 1) return sendJson(response, { error: 'no such session' }, 404)
    return sendJson(response, { jsonrpc: '2.0', id: message?.id, result: hello })
  })
  await failsClearly(world, 'call', 'failed', /it forgot the session; ask again/)
  assert.deepEqual((await world.client.callTool(call)).content, hello.content)
})

/**
 * @fault a tool server answers a stateless agent's call with status 500
 * @behaviour -32011: expected an answer, got status 500
 * @counter cordon_proxy_upstream_faults_total{kind="failed"}
 */
test('a broken server over HTTP', async context => {
  const world = await overHttp(context, (_, response) => response.writeHead(500).end('stack trace'))
  await failsClearly(world, 'call', 'failed', /expected an answer, got status 500/)
})

/**
 * @fault a tool server with sessions ends the stream of a stateless agent's call before it has answered
 * @behaviour where its events can be resumed from, the answer is fetched with `Last-Event-ID`; otherwise -32011
 * @counter cordon_proxy_upstream_faults_total{kind="malformed"}
 */
test('a stream that ends before its answer is taken up again', async context => {
  let id: unknown
  const world = await overHttp(
    context,
    ({ message }, response) => {
      id = message?.id
      const place = message?.params?.arguments?.['resumable'] === true ? 'id: e-1\nretry: 10\ndata:\n\n' : ''
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`${place}: gone for now\n\n`)
    },
    {},
    ({ headers }, response) => {
      const answer = JSON.stringify({ jsonrpc: '2.0', id, result: hello })
      const isResumed = headers['last-event-id'] === 'e-1'
      response.writeHead(isResumed ? 200 : 405, { 'content-type': 'text/event-stream' })
      response.end(isResumed ? `id: e-2\ndata: ${answer}\n\n` : '')
    },
  )
  const { content } = await world.client.callTool({ name: 'call', arguments: { resumable: true } })
  assert.deepEqual(content, hello.content)
  await assert.rejects(world.client.callTool(call), /expected a response, got an answer without one/)
  const counted = /cordon_proxy_upstream_faults_total\{kind="malformed"\} 1\n/
  assert.match(await world.telemetry.metrics(), counted)
})

/**
 * @fault a tool server's answer to a stateless agent's call breaks off
 * @behaviour -32011: its answer broke off
 * @counter cordon_proxy_upstream_faults_total{kind="unreachable"}
 */
test('an answer that breaks off', async context => {
  const world = await overHttp(context, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: {"jsonrpc"', () => response.destroy())
  })
  await failsClearly(world, 'call', 'unreachable', /its answer broke off/)
})

/**
 * @fault a tool server says nothing more about a stateless agent's call
 * @behaviour -32012 after CORDON_CALL_TIMEOUT_MS: expected an answer or progress, got none
 * @counter cordon_proxy_upstream_faults_total{kind="timeout"}
 */
test('a silent server', async context => {
  const world = await overHttp(context, () => undefined, { callTimeoutMs: 2_000 })
  await failsClearly(world, 'call', 'timeout', /expected an answer or progress within 2000 ms, got none/)
})

/**
 * @fault the child that serves a session's stateless agents crashes
 * @behaviour the call fails with -32011 and says how it ended; the next call starts another child
 * @counter cordon_proxy_upstream_faults_total{kind="crashed"}
 */
test('a child that crashes', async context => {
  const world = await onStdio(context)
  await failsClearly(world, 'crash', 'crashed', /it ended \(exit code 3\)/)
  const { content } = await world.client.callTool({ name: 'chatter', arguments: {} })
  assert.deepEqual(content, [{ type: 'text', text: 'said' }])
})

/**
 * @fault a child answers a stateless agent's call with more than 16 MiB
 * @behaviour -32011: expected messages of at most 16777216 bytes, got a larger one
 * @counter cordon_proxy_upstream_faults_total{kind="too_large"}
 */
test('an answer that is too large', async context => {
  const world = await onStdio(context)
  await failsClearly(world, 'huge', 'too_large', /expected messages of at most 16777216 bytes/)
})

/**
 * @fault a child answers a stateless agent's call twice
 * @behaviour the first answer counts, the second reaches nobody
 * @counter cordon_proxy_server_messages_dropped_total{cause="nobody_waits"}
 */
test('a second answer stays here', async context => {
  const { client, telemetry } = await onStdio(context)
  const { content } = await client.callTool({ name: 'twice', arguments: {} })
  assert.deepEqual(content, [{ type: 'text', text: 'first' }])
  const counted = /cordon_proxy_server_messages_dropped_total\{cause="nobody_waits"\} 1\n/
  await eventually('it was dropped', async () => counted.test(await telemetry.metrics()))
})

/**
 * @fault a tool server cannot be reached when a stateless agent asks what it is
 * @behaviour -32011: expected to reach it, got ECONNREFUSED
 * @counter cordon_proxy_upstream_faults_total{kind="unreachable"}
 */
test('a server that is not there', async context => {
  const { urlOf, telemetry } = await openProxyWorld(context, {
    faulty: { transport: 'http', url: 'http://127.0.0.1:1/mcp', headers: {} },
  })
  await assert.rejects(
    connectModernAgent(context, urlOf('faulty'), 'alice'),
    /did not offer pinned protocol version/,
  )
  assert.match(await telemetry.metrics(), /cordon_proxy_upstream_faults_total\{kind="unreachable"\} 1\n/)
})
