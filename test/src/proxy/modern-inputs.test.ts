import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { modernOnStdio } from './modern-servers.ts'
import { openProxyWorld } from './proxy-world.ts'
import type { ProxyWorld } from './proxy-world.ts'

const version = '2026-07-28'

const meta = {
  'io.modelcontextprotocol/protocolVersion': version,
  'io.modelcontextprotocol/clientCapabilities': {},
}

interface Said {
  readonly method?: string
  /** Beside those that a client sends that does everything right; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly message?: object
}

const echo = { name: 'echo', arguments: { message: 'hello' }, _meta: meta }
const call = { id: 1, method: 'tools/call', params: echo }

const post = async (
  { urlOf }: ProxyWorld,
  { method = 'POST', headers = {}, message = call }: Said,
): Promise<{ readonly status: number; readonly allow: string | null; readonly text: string }> => {
  const all: Readonly<Record<string, string | undefined>> = {
    authorization: 'DPoP alice',
    dpop: 'proof',
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': version,
    'mcp-method': 'tools/call',
    'mcp-name': 'echo',
    ...headers,
  }
  const response = await fetch(urlOf('modern'), {
    method,
    headers: Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ...(method === 'POST' && { body: JSON.stringify({ jsonrpc: '2.0', ...message }) }),
  })
  return { status: response.status, allow: response.headers.get('allow'), text: await response.text() }
}

const open = (context: TestContext): Promise<ProxyWorld> => openProxyWorld(context, modernOnStdio('reject'))

/** Turned away: nothing of it gets to the engine or the server, and it is counted. */
const turnedAway = async (
  context: TestContext,
  cause: string,
  cases: readonly (Said & { readonly status: number; readonly says: RegExp })[],
): Promise<void> => {
  const world = await open(context)
  for (const { status, says, ...said } of cases) {
    const answer = await post(world, said)
    assert.match(answer.text, says, JSON.stringify(said))
    assert.equal(answer.status, status, JSON.stringify(said))
  }
  assert.deepEqual(world.engine.calls, [])
  assert.match(
    await world.telemetry.metrics(),
    new RegExp(`cordon_proxy_requests_rejected_total\\{cause="${cause}"\\} ${cases.length}\n`),
  )
  assert.equal((await post(world, {})).status, 200)
}

/**
 * @input headers that say otherwise than the body (MCP 2026-07-28)
 * @behaviour 400 with -32020: expected what the body says, got something else; nothing is forwarded
 * @counter cordon_proxy_requests_rejected_total{cause="header_mismatch"}
 */
test('rejects headers that say otherwise than the body', async context => {
  const says = /"id":1,"error":\{"code":-32020,"message":"mcp-[\w*-]+: expected/
  await turnedAway(
    context,
    'header_mismatch',
    [
      { headers: { 'mcp-method': 'tools/list' } },
      { headers: { 'mcp-method': undefined } },
      { headers: { 'mcp-method': 'Tools/Call' } },
      { headers: { 'mcp-name': 'harmless' } },
      { headers: { 'mcp-name': undefined } },
      { headers: { 'mcp-name': '=?base64?not base64?=' } },
      { headers: { 'mcp-protocol-version': undefined } },
      { headers: { 'mcp-protocol-version': '2025-11-25' } },
      { headers: { 'mcp-param-region': 'elsewhere' } },
    ].map(said => ({ ...said, status: 400, says })),
  )
})

/**
 * @input a call of a server on stdio without an `Mcp-Param-*` that its tool wants (`x-mcp-header`), with another value or with characters that no header has
 * @behaviour 400 with -32020: expected what the argument says; nothing is forwarded. The proxy has the server’s tools listed before the first call. Only whoever may make the call is told, so it is on record where it is turned away
 * @counter cordon_proxy_requests_rejected_total{cause="header_mismatch"}
 */
test('rejects a call whose header for an argument is missing, or lies', async context => {
  const world = await open(context)
  const route = (region: string | undefined): Said => ({
    headers: { 'mcp-name': 'route', 'mcp-param-region': region },
    message: {
      id: 1,
      method: 'tools/call',
      params: { name: 'route', arguments: { region: 'eu', note: 'us' }, _meta: meta },
    },
  })
  // Nobody had the tools listed before.
  const first = await post(world, route('us'))
  assert.match(
    first.text,
    /-32020,"message":"mcp-param-region: expected what the argument says, got something else/,
  )
  assert.equal(world.engine.calls.length, 1)
  for (const region of [undefined, 'us', '\u00e9', '=?base64?ZXU?=']) {
    const { status, text } = await post(world, route(region))
    assert.match(text, /-32020,"message":"mcp-param-[\w*-]+: expected/)
    assert.equal(status, 400)
  }
  // None, and what another argument says: that is wrong of this tool alone, of which nobody is told who may not call it.
  assert.equal(world.engine.calls.length, 3)
  await eventually('their outcomes came', () => world.engine.outcomes.length === 3)
  assert.ok(world.engine.outcomes.every(({ outcome }) => outcome === 'error'))
  const metrics = await world.telemetry.metrics()
  assert.match(metrics, /cordon_proxy_requests_rejected_total\{cause="header_mismatch"\} 5/)
  assert.match((await post(world, route('eu'))).text, /Routed to eu/)
})

test('the name in the header may be written in Base64', async context => {
  const world = await open(context)
  const name = `=?base64?${Buffer.from('echo').toString('base64')}?=`
  assert.match((await post(world, { headers: { 'mcp-name': name } })).text, /Echo: hello/)
})

/**
 * @input a request without what MCP 2026-07-28 has in each one
 * @behaviour 400 with -32602: names the member of `params._meta` that was expected; nothing is forwarded
 * @counter cordon_proxy_requests_rejected_total{cause="envelope"}
 */
test('rejects a request that does not say what its client can do', async context => {
  const says = /-32602,"message":"params\._meta\[\\"io\.modelcontextprotocol\/\w+\\"\]: expected/
  const { 'io.modelcontextprotocol/protocolVersion': named } = meta
  await turnedAway(
    context,
    'envelope',
    [
      { message: { ...call, params: { ...echo, _meta: undefined } } },
      {
        message: {
          ...call,
          params: { ...echo, _meta: { 'io.modelcontextprotocol/protocolVersion': named } },
        },
      },
      {
        message: {
          ...call,
          params: { ...echo, _meta: { ...meta, 'io.modelcontextprotocol/clientCapabilities': 1 } },
        },
      },
    ].map(said => ({ ...said, status: 400, says })),
  )
})

/**
 * @input a version of MCP that Cordon does not speak
 * @behaviour 400 with -32022, which names the versions that it speaks; nothing is forwarded
 * @counter cordon_proxy_requests_rejected_total{cause="protocol_version"}
 */
test('rejects a version that is not spoken, and says which are', async context => {
  const _meta = { ...meta, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' }
  await turnedAway(context, 'protocol_version', [
    {
      headers: { 'mcp-protocol-version': '2099-01-01' },
      message: { ...call, params: { ...echo, _meta } },
      status: 400,
      says: /-32022,.*"data":\{"supported":\["2026-07-28"\],"requested":"2099-01-01"\}/,
    },
  ])
})

/**
 * @input a method that MCP 2026-07-28 does not have
 * @behaviour 404 with -32601; a lenient server never sees it
 * @counter cordon_proxy_requests_rejected_total{cause="method_unknown"}
 */
test('rejects methods of the other era, and a call without an id', async context => {
  const request = (method: string): Said & { readonly status: number; readonly says: RegExp } => ({
    headers: { 'mcp-method': method, 'mcp-name': undefined },
    message: { id: 1, method, params: { _meta: meta } },
    status: 404,
    says: /"id":1,"error":\{"code":-32601/,
  })
  await turnedAway(context, 'method_unknown', [
    request('initialize'),
    request('ping'),
    request('tasks/cancel'),
    request('logging/setLevel'),
    request('tools/Call'),
    { message: { method: 'tools/call', params: echo }, status: 400, says: /-32601/ },
    {
      message: { id: 1, result: {} },
      headers: { 'mcp-method': undefined, 'mcp-name': undefined },
      status: 400,
      says: /-32601/,
    },
  ])
})

/**
 * @input GET or DELETE, where MCP 2026-07-28 has no sessions and no streams of their own
 * @behaviour 405, with `Allow: POST`
 * @counter cordon_proxy_requests_rejected_total{cause="method"}
 */
test('rejects the GET and the DELETE of sessions', async context => {
  const world = await open(context)
  for (const method of ['GET', 'DELETE']) {
    const { status, allow } = await post(world, { method })
    assert.deepEqual([status, allow], [405, 'POST'])
  }
  assert.match(await world.telemetry.metrics(), /cordon_proxy_requests_rejected_total\{cause="method"\} 2\n/)
})

/**
 * @input a stateless request of a page from elsewhere (`Origin`)
 * @behaviour 403; nothing is forwarded
 * @counter cordon_proxy_requests_rejected_total{cause="origin"}
 */
test('rejects a foreign origin', async context => {
  await turnedAway(context, 'origin', [
    { headers: { origin: 'https://evil.example' }, status: 403, says: /Origin: expected/ },
  ])
})

/**
 * @input a second name beside the one that is judged, or members of the other era
 * @behaviour -32602: expected only the members that MCP defines; nothing is forwarded
 * @counter cordon_proxy_requests_rejected_total{cause="message"}
 */
test('rejects params that MCP 2026-07-28 does not define', async context => {
  const says = /-32602,"message":"params: expected only/
  await turnedAway(
    context,
    'message',
    [
      { message: { ...call, params: { ...echo, Name: 'transfer' } } },
      { message: { ...call, params: { ...echo, task: {} } } },
    ].map(said => ({ ...said, status: 200, says })),
  )
})

test('the id of an MCP session means nothing to a stateless request', async context => {
  const world = await open(context)
  const { status, text } = await post(world, { headers: { 'mcp-session-id': 'guessed' } })
  assert.equal(status, 200)
  assert.match(text, /Echo: hello/)
})

test('two sessions of Cordon share nothing: each has a child of its own', async context => {
  const world = await open(context)
  const cancelled = {
    headers: { 'mcp-name': 'cancelled' },
    message: { ...call, params: { ...echo, name: 'cancelled', arguments: {} } },
  }
  await post(world, cancelled)
  await post(world, { ...cancelled, headers: { ...cancelled.headers, authorization: 'DPoP mallory' } })
  assert.match(await world.telemetry.metrics(), /cordon_proxy_open_mcp_sessions 2\n/)
})
