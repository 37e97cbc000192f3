import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import { openProxyWorld } from './proxy-world.ts'
import type { ProxyWorld } from './proxy-world.ts'
import { ask, openRawAgent, ping } from './raw-agent.ts'
import { sendJson, startScriptedServer } from './scripted-http-server.ts'

const countOf = async ({ telemetry }: ProxyWorld, series: string): Promise<number> => {
  const line = (await telemetry.metrics()).split('\n').find(line => line.startsWith(`${series} `))
  return Number(line?.slice(series.length))
}

const rejected = (world: ProxyWorld, cause: string): Promise<number> =>
  countOf(world, `cordon_proxy_requests_rejected_total{cause="${cause}"}`)

/** A connection that sends a head, and of its body what it is told to. */
const openPost = async (
  context: TestContext,
  world: ProxyWorld,
  { token = 'alice', length, more = [] }: { token?: string; length: number; more?: readonly string[] },
): Promise<{ readonly socket: Socket; readonly received: () => string }> => {
  const socket = connect(world.proxy.port, '127.0.0.1')
  context.after(() => socket.destroy())
  let received = ''
  socket.setEncoding('utf8').on('data', (text: string) => void (received += text))
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const head = [
    'POST /mcp/scripted HTTP/1.1',
    'host: 127.0.0.1',
    `authorization: DPoP ${token}`,
    'dpop: proof',
    'accept: application/json, text/event-stream',
    'content-type: application/json',
    `content-length: ${length}`,
    ...more,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  return { socket, received: () => received }
}

/**
 * @input a body of more than 64 KiB with a token that is no good
 * @behaviour 401 before it is read: nothing but small bodies is read of callers that the engine has not admitted
 * @counter cordon_proxy_requests_refused_total{reason="TOKEN_INVALID"}
 */
test('rejects a large body with a token that nobody signed, unread', async context => {
  const world = await openRawAgent(context)
  world.engine.refusedSessions.set('forged', { reason: 'TOKEN_INVALID', message: 'No.' })
  const { received } = await openPost(context, world, { token: 'forged', length: 1_000_000 })
  await eventually('it is refused', () => received().startsWith('HTTP/1.1 401 '))
  assert.match(received(), /TOKEN_INVALID/)
  // Without a length nobody knows how much comes, until more than little came.
  const chunked = await openPost(context, world, { token: 'forged', length: 0 })
  chunked.socket.destroy()
  const answer = await ask(world, {
    headers: { authorization: 'DPoP forged', 'transfer-encoding': 'chunked' },
    body: `"${'x'.repeat(100_000)}"`,
  })
  assert.equal(answer.status, 401)
  assert.equal(await countOf(world, 'cordon_proxy_requests_refused_total{reason="TOKEN_INVALID"}'), 2)
  const large = await ask(world, {
    headers: { 'mcp-session-id': world.mcpSessionId },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'ping',
      params: { _meta: { x: 'x'.repeat(100_000) } },
    }),
  })
  assert.equal(large.status, 200)
})

/**
 * @input many bodies at once that stand still in the middle
 * @behaviour together they hold at most 64 MiB; while that is short, whoever stands still for 1 s or takes more than 5 s is cut off with 503, and what finds no room is answered with 503 and `Retry-After`
 * @counter cordon_proxy_requests_rejected_total{cause="body_no_room"}
 */
test('rejects bodies beyond the room for all of them, and serves again when those that stand still were cut', async context => {
  const bounds = { maxBufferedBytes: 100_000, shortIdleMs: 300 }
  const world = await openRawAgent(context, { bounds })
  const idle = await openPost(context, world, { length: 60_000 })
  idle.socket.write(Buffer.alloc(59_000, 0x20))
  const body = `${' '.repeat(50_000)}${ping}`
  const session = { 'mcp-session-id': world.mcpSessionId }
  await eventually('there is no room', async () => {
    const { status, headers } = await ask(world, { headers: session, body })
    return status === 503 && headers['retry-after'] === '1'
  })
  await eventually(
    'there is room again',
    async () => (await ask(world, { headers: session, body })).status === 200,
  )
  await eventually('it was cut', () => idle.received().startsWith('HTTP/1.1 503 '))
  assert.ok((await rejected(world, 'body_no_room')) >= 2)
})

/**
 * @input a small text of very many members or items
 * @behaviour 400: expected at most 20000 members and items, got more; it is not even parsed
 * @counter cordon_proxy_requests_rejected_total{cause="body_unreadable"}
 */
test('rejects 20,001 items', async context => {
  const world = await openRawAgent(context)
  const { status, body } = await ask(world, { body: `[${'0,'.repeat(20_000)}0]` })
  assert.equal(status, 400)
  assert.match(body, /expected at most 20000 members and items, got more/)
  assert.equal(await rejected(world, 'body_unreadable'), 1)
})

/**
 * @input more connections than the proxy can have: half of the files that it may open, 8,192 at most
 * @behaviour closed before anything of them is read; those that are open are served
 * @counter cordon_proxy_requests_rejected_total{cause="too_many_connections"}
 */
test('rejects connections beyond the limit', async context => {
  const world = await openRawAgent(context, { bounds: { maxConnections: 5 } })
  const sockets = Array.from({ length: 8 }, () => connect(world.proxy.port, '127.0.0.1'))
  context.after(() => sockets.forEach(socket => socket.destroy()))
  for (const socket of sockets) socket.on('error', () => undefined)
  await eventually('some were closed', async () => (await rejected(world, 'too_many_connections')) >= 3)
  sockets.forEach(socket => socket.destroy())
  await eventually('there is room again', async () => {
    const answer = await ask(world, { headers: { 'mcp-session-id': world.mcpSessionId } }).catch(
      () => undefined,
    )
    return answer?.status === 200
  })
})

/**
 * @input a request with an `Expect` that HTTP does not know
 * @behaviour 417: expected 100-continue or no such header, got another expectation
 * @counter cordon_proxy_requests_rejected_total{cause="expectation"}
 */
test('rejects an expectation that nobody knows', async context => {
  const world = await openRawAgent(context)
  const { received } = await openPost(context, world, { length: 2, more: ['expect: x'] })
  await eventually('it is answered', () => received().endsWith('}}'))
  assert.match(received(), /^HTTP\/1\.1 417 [^]*Expect: expected 100-continue or no such header/)
  assert.equal(await rejected(world, 'expectation'), 1)
})

const unread = (world: ProxyWorld, why: string): Promise<number> =>
  countOf(world, `cordon_proxy_answers_unread_total{why="${why}"}`)

/** More than the kernel keeps for a connection. */
const big = 12 * 1024 * 1024

/** A proxy before a server whose every call is answered with 12 MiB, and an agent that reads nothing of its answers. */
const openUnread = async (
  context: TestContext,
  bounds: NonNullable<NonNullable<Parameters<typeof openProxyWorld>[2]>['bounds']>,
): Promise<{ readonly world: ProxyWorld; readonly call: () => Promise<Socket> }> => {
  const server = await startScriptedServer(context, ({ message, method }, response) => {
    if (message?.id === undefined) return void response.writeHead(method === 'POST' ? 202 : 405).end()
    const content = [{ type: 'text', text: 'x'.repeat(big) }]
    return sendJson(response, { jsonrpc: '2.0', id: message.id, result: { content } })
  })
  const world = await openProxyWorld(
    context,
    { scripted: { transport: 'http', url: server.url, headers: {} } },
    { bounds },
  )
  const { http } = await connectOverHttp(context, world.urlOf('scripted'), 'alice')
  let calls = 0
  const call = async (): Promise<Socket> => {
    calls += 1
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: `c${calls}`,
      method: 'tools/call',
      params: { name: 'big' },
    })
    const { socket } = await openPost(context, world, {
      length: body.length,
      more: [`mcp-session-id: ${http!.sessionId!}`],
    })
    socket.pause()
    socket.write(body)
    return socket
  }
  return { world, call }
}

/**
 * @fault an agent does not read its answer
 * @behaviour its connection is closed once nothing of it left for 30 s
 * @counter cordon_proxy_answers_unread_total{why="stalled"}
 */
test('gives up an answer that its agent does not read', async context => {
  const { world, call } = await openUnread(context, { stallMs: 600 })
  await call()
  await eventually('it was given up', async () => (await unread(world, 'stalled')) === 1)
  assert.equal(world.engine.outcomes[0]?.outcome, 'ok')
})

/**
 * @fault a session asks for much and reads nothing of it
 * @behaviour at most 64 MiB wait for it, and 256 MiB for all; the connection is closed that stood still the longest
 * @counter cordon_proxy_answers_unread_total{why="too_much"}
 */
test('gives up the oldest answer of a session that reads none', async context => {
  const { world, call } = await openUnread(context, { maxUnsentBytesPerSession: 1.5 * big })
  const sockets = [await call(), await call(), await call()]
  await eventually('one was given up', async () => (await unread(world, 'too_much')) > 0)
  const closed = Promise.race(sockets.map(socket => once(socket, 'close')))
  for (const socket of sockets) socket.resume()
  await closed
})
