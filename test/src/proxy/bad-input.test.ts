import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { eventually } from '../support/eventually.ts'
import type { ProxyWorld } from './proxy-world.ts'
import { ask, openRawAgent, ping } from './raw-agent.ts'
import type { Asked } from './raw-agent.ts'

const rejectedFor = async (world: ProxyWorld, cause: string): Promise<number> => {
  const series = `cordon_proxy_requests_rejected_total{cause="${cause}"}`
  const line = (await world.telemetry.metrics()).split('\n').find(line => line.startsWith(series))
  return Number(line?.slice(series.length))
}

/** One request that is no good: refused, counted, forwarded nowhere; the next one is served. */
const assertRejected = async (
  context: TestContext,
  { headers, ...asked }: Asked,
  status: number,
  says: RegExp,
  cause: string,
): Promise<void> => {
  const world = await openRawAgent(context)
  const session = { 'mcp-session-id': world.mcpSessionId }
  assert.equal(await rejectedFor(world, cause), 0)
  const answer = await ask(world, { ...asked, headers: { ...session, ...headers } })
  assert.equal(answer.status, status)
  assert.match(answer.body, says)
  assert.doesNotMatch(answer.body, /alice|mallory/)
  assert.equal((JSON.parse(answer.body) as { jsonrpc: string }).jsonrpc, '2.0')
  assert.equal(await rejectedFor(world, cause), 1)
  assert.deepEqual(world.engine.calls, [])
  assert.equal((await ask(world, { headers: session })).status, 200)
}

/**
 * @input a body that is no JSON
 * @behaviour 400 with -32700: expected JSON, got other text; nothing is forwarded
 * @counter cordon_proxy_requests_rejected_total{cause="body_unreadable"}
 */
test('rejects what is no JSON', context =>
  assertRejected(context, { body: '{' }, 400, /-32700.*expected JSON, got other text/, 'body_unreadable'))

/**
 * @input a body that is no UTF-8
 * @behaviour 400: expected UTF-8, got other bytes; nothing is replaced or forwarded
 * @counter cordon_proxy_requests_rejected_total{cause="body_unreadable"}
 */
test('rejects what is no UTF-8', context =>
  assertRejected(
    context,
    { body: Buffer.from([0xc3, 0x28]) },
    400,
    /expected UTF-8, got other bytes/,
    'body_unreadable',
  ))

/**
 * @input JSON that is no message of JSON-RPC 2.0: another version or none, an id or params of another kind, both a question and an answer, or neither
 * @behaviour 400 with -32600: expected a JSON-RPC 2.0 message; nothing is forwarded
 * @counter cordon_proxy_requests_rejected_total{cause="message"}
 */
test('rejects JSON that is no message of JSON-RPC', async context => {
  const world = await openRawAgent(context)
  const headers = { 'mcp-session-id': world.mcpSessionId }
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } }
  const malformed = [
    null,
    'tools/call',
    {},
    { ...call, jsonrpc: '1.0' },
    { ...call, jsonrpc: undefined },
    { ...call, id: null },
    { ...call, id: { of: 1 } },
    { ...call, id: true },
    { ...call, method: 7 },
    { ...call, method: undefined },
    { ...call, params: 'echo' },
    { ...call, params: ['echo'] },
    { ...call, result: {} },
    { jsonrpc: '2.0', id: 1, result: {}, error: { code: 1, message: 'both' } },
  ]
  for (const message of malformed) {
    const body = JSON.stringify(message)
    const answer = await ask(world, { headers, body })
    assert.equal(answer.status, 400, body)
    assert.match(answer.body, /"code":-32600,"message":"[^"]*expected /, body)
  }
  assert.equal(await rejectedFor(world, 'message'), malformed.length)
  assert.deepEqual(world.engine.calls, [])
  assert.equal((await ask(world, { headers })).status, 200)
})

/**
 * @input a batch
 * @behaviour 400 with -32600: expected a single message, got a batch
 * @counter cordon_proxy_requests_rejected_total{cause="message"}
 */
test('rejects a batch', context =>
  assertRejected(
    context,
    { body: `[${ping},${ping}]` },
    400,
    /-32600.*expected a single message, got a batch/,
    'message',
  ))

/**
 * @input a body of 10 MB
 * @behaviour 413: expected at most 4194304 bytes, got more; the rest is not kept, the connection closes
 * @counter cordon_proxy_requests_rejected_total{cause="body_too_large"}
 */
test('rejects a body of 10 MB', context =>
  assertRejected(
    context,
    { body: `"${'x'.repeat(10 * 1024 * 1024)}"` },
    413,
    /expected at most 4194304 bytes, got more/,
    'body_too_large',
  ))

/**
 * @input 10,000 levels of nesting
 * @behaviour 400: expected at most 500 levels of nesting, got more; it is not even parsed
 * @counter cordon_proxy_requests_rejected_total{cause="body_unreadable"}
 */
test('rejects 10,000 levels of nesting', context =>
  assertRejected(
    context,
    { body: '['.repeat(10_000) + ']'.repeat(10_000) },
    400,
    /expected at most 500 levels of nesting, got more/,
    'body_unreadable',
  ))

/**
 * @input a member that comes twice in an object, however deep or spelt (`n\u0061me`)
 * @behaviour 400: expected each member name of an object once, got one twice; neither reading is judged or forwarded
 * @counter cordon_proxy_requests_rejected_total{cause="body_unreadable"}
 */
test('rejects a member that comes twice', context =>
  assertRejected(
    context,
    {
      body: '{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"harmless","n\\u0061me":"transfer"}}',
    },
    400,
    /expected each member name of an object once, got one twice/,
    'body_unreadable',
  ))

/**
 * @input another content type
 * @behaviour 415: expected application/json, got another
 * @counter cordon_proxy_requests_rejected_total{cause="content_type"}
 */
test('rejects another content type', context =>
  assertRejected(
    context,
    { headers: { 'content-type': 'text/plain' } },
    415,
    /Content-Type: expected/,
    'content_type',
  ))

/**
 * @input a body in another character set, or in an encoding such as gzip
 * @behaviour 415: expected application/json, expected no Content-Encoding; the body is not read as if it were neither
 * @counter cordon_proxy_requests_rejected_total{cause="content_type"}
 */
test('rejects another character set, and any encoding', async context => {
  const charset = { 'content-type': 'application/json; charset=utf-16' }
  await assertRejected(context, { headers: charset }, 415, /Content-Type: expected/, 'content_type')
  const encoding = { 'content-encoding': 'gzip' }
  await assertRejected(context, { headers: encoding }, 415, /Content-Encoding: expected/, 'content_type')
})

/**
 * @input a page from elsewhere (`Origin`) in an MCP session
 * @behaviour 403; nothing is forwarded
 * @counter cordon_proxy_requests_rejected_total{cause="origin"}
 */
test('rejects a foreign origin', context =>
  assertRejected(context, { headers: { origin: 'https://evil.example' } }, 403, /Origin: expected/, 'origin'))

/**
 * @input a name of the host that an attacker made point here (DNS rebinding)
 * @behaviour 403; nothing is forwarded
 * @counter cordon_proxy_requests_rejected_total{cause="host"}
 */
test('rejects a rebound host name', context =>
  assertRejected(context, { headers: { host: 'evil.example:80' } }, 403, /Host: expected/, 'host'))

/**
 * @input no token
 * @behaviour 401, which says where to get one (RFC 9728)
 * @counter cordon_proxy_requests_rejected_total{cause="token"}
 */
test('rejects a request without a token', context =>
  assertRejected(context, { headers: { authorization: undefined } }, 401, /expected .*DPoP/, 'token'))

/**
 * @input an MCP session that nobody opened
 * @behaviour 404: initialize again
 * @counter cordon_proxy_requests_rejected_total{cause="session_unknown"}
 */
test('rejects an unknown MCP session', context =>
  assertRejected(
    context,
    { headers: { 'mcp-session-id': 'guessed' } },
    404,
    /initialize again/,
    'session_unknown',
  ))

/**
 * @input a method that MCP does not know, or that is spelt otherwise
 * @behaviour -32601; a lenient server never sees it
 * @counter cordon_proxy_requests_rejected_total{cause="method_unknown"}
 */
test('rejects a method that is spelt otherwise', context =>
  assertRejected(
    context,
    { body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'Tools/Call', params: { name: 'x' } }) },
    200,
    /-32601.*expected a request that MCP/,
    'method_unknown',
  ))

/**
 * @input a tool server that Cordon does not have
 * @behaviour 404: expected /mcp/<server> with the name of a tool server
 * @counter cordon_proxy_requests_rejected_total{cause="path"}
 */
test('rejects an unknown server', context =>
  assertRejected(context, { path: '/mcp/other' }, 404, /path: expected/, 'path'))

const patience = { headersMs: 200, bodyMs: 200, checkMs: 50 }

/** Says this much and no more. @returns what it is told before the connection closes */
const sayAndWait = async (world: ProxyWorld, text: string): Promise<string> => {
  const socket = connect(world.proxy.port, '127.0.0.1').setEncoding('utf8')
  if (text !== '') socket.write(text)
  let answer = ''
  for await (const part of socket) answer += String(part)
  return answer
}

const startOfRequest = 'POST /mcp/scripted HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n'
const restOfHeaders =
  'Authorization: DPoP alice\r\nDPoP: proof\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n\r\n'

/**
 * @input connections that say nothing, or dribble headers or a body (slow-loris)
 * @behaviour 408 and closed, after 10 s for headers and a minute for a body; others are served meanwhile
 * @counter cordon_proxy_requests_rejected_total{cause="request_slow"}
 */
test('a slow-loris is turned away, and holds up nobody', async context => {
  const world = await openRawAgent(context, { patience })
  const slow = ['', startOfRequest, `${startOfRequest}${restOfHeaders}{"json`].map(text =>
    sayAndWait(world, text),
  )
  assert.equal((await ask(world, { headers: { 'mcp-session-id': world.mcpSessionId } })).status, 200)
  for (const answer of await Promise.all(slow)) {
    assert.match(answer, /^HTTP\/1\.1 408 /)
    assert.match(answer, /expected .* got a part of/)
  }
  assert.equal(await rejectedFor(world, 'request_slow'), 3)
})

/**
 * @input bytes that are no HTTP, or ask for a tunnel
 * @behaviour 400: expected HTTP/1.1 with at most 16 KiB of headers; closed
 * @counter cordon_proxy_requests_rejected_total{cause="request_unreadable"}
 */
test('what is no HTTP is told so, and cut', async context => {
  const world = await openRawAgent(context)
  const tunnel = 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
  const endlessHeader = `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`
  for (const text of ['\0\0\0\x05hello\r\n\r\n', endlessHeader, tunnel])
    assert.match(await sayAndWait(world, text), /^HTTP\/1\.1 400 [^]*expected HTTP\/1\.1/)
  assert.equal(await rejectedFor(world, 'request_unreadable'), 3)
})

/**
 * @input a half-closed connection: half a body, and then the end
 * @behaviour nothing is judged or forwarded, and the connection closes
 * @counter cordon_proxy_requests_rejected_total{cause="body_broken_off"}
 */
test('a half-closed connection costs nothing', async context => {
  const world = await openRawAgent(context)
  const socket = connect(world.proxy.port, '127.0.0.1')
  socket.end(`${startOfRequest}${restOfHeaders}{"json`)
  socket.resume()
  await once(socket, 'close')
  await eventually('it is counted', async () => (await rejectedFor(world, 'body_broken_off')) === 1)
  assert.deepEqual(world.engine.calls, [])
  assert.equal((await ask(world, { headers: { 'mcp-session-id': world.mcpSessionId } })).status, 200)
})
