import assert from 'node:assert/strict'
import { text as readText } from 'node:stream/consumers'
import { test } from 'node:test'

import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../ports.ts'
import { createLastingSessions } from './lasting-sessions.ts'

const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', clientInfo: { name: 'agent' } },
})
const initialized = '{"jsonrpc":"2.0","method":"notifications/initialized"}'
const call = '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo"}}'

/** A server that knows its sessions, until it forgets them. */
const openWorld = () => {
  const world = {
    /** What the next answer waits for. */
    gate: undefined as Promise<void> | undefined,
    opened: 0,
    known: new Set<string>(),
    received: [] as UpstreamRequest[],
    version: '2025-06-18',
  }
  const answer = (status: number, body: unknown, headers: Record<string, string> = {}): UpstreamAnswer => ({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: (async function* () {
      yield Buffer.from(JSON.stringify(body))
    })(),
  })
  const upstream: Upstream = {
    send: async request => {
      world.received.push(request)
      const { gate } = world
      world.gate = undefined
      const isKnown = world.known.has(request.headers['mcp-session-id'] ?? '')
      await gate
      const id = request.headers['mcp-session-id']
      const message = JSON.parse(request.body ?? '{}') as { id?: unknown; method?: string }
      if (message.method === 'initialize' && id === undefined) {
        world.opened += 1
        const own = `session-${world.opened}`
        world.known.add(own)
        const result = { protocolVersion: world.version }
        return answer(200, { jsonrpc: '2.0', id: message.id, result }, { 'mcp-session-id': own })
      }
      if (id === undefined || !isKnown) return answer(404, { error: 'not found' })
      return answer(200, { jsonrpc: '2.0', id: message.id, result: { by: id } }, { 'mcp-session-id': id })
    },
  }
  const lasting = createLastingSessions(upstream)
  const { signal } = new AbortController()
  const send = async (
    method: UpstreamRequest['method'],
    body: string | undefined,
    headers: Readonly<Record<string, string>> = {},
    server = 'demo',
  ) => {
    const sent = await lasting.send({ server, method, headers, signal, ...(body !== undefined && { body }) })
    return { status: sent.status, id: sent.headers['mcp-session-id'], text: await readText(sent.body) }
  }
  const open = async (): Promise<Readonly<Record<string, string>>> => {
    const { id = '' } = await send('POST', initialize)
    const headers = { 'mcp-session-id': id, 'mcp-protocol-version': '2025-06-18' }
    await send('POST', initialized, headers)
    return headers
  }
  return { world, send, open }
}

test('a server that forgot the session is told again who the client is; the client keeps its id', async () => {
  const { world, send, open } = openWorld()
  const headers = await open()
  world.known.clear()
  world.received.length = 0
  const answers = await Promise.all([1, 2, 3].map(async () => send('POST', call, headers)))
  for (const { status, id, text } of answers) {
    assert.deepEqual([status, id], [200, 'session-1'])
    assert.match(text, /"by":"session-2"/)
  }
  assert.equal(world.opened, 2)
  const again = world.received.filter(({ body }) => /initialize/.test(body ?? ''))
  assert.deepEqual(JSON.parse(again[0]?.body ?? ''), { ...JSON.parse(initialize), id: 'cordon-connect' })
  assert.deepEqual(
    [again.length, again[1]?.body, again[1]?.headers['mcp-session-id']],
    [2, initialized, 'session-2'],
  )
  // And again, where that one is gone too.
  world.known.clear()
  assert.match((await send('POST', call, headers)).text, /"by":"session-3"/)
})

test('what a client says of itself at great length is not kept: its session does not last', async () => {
  const { world, send, open } = openWorld()
  const headers = await open()
  const long = { jsonrpc: '2.0', method: 'notifications/initialized', params: { pad: 'x'.repeat(64 * 1024) } }
  await send('POST', JSON.stringify(long), headers)
  world.known.clear()
  assert.equal((await send('POST', call, headers)).status, 404)
  assert.equal(world.opened, 1)
})

test('who is told late that the session is gone takes the one that others have opened since', async () => {
  const { world, send, open } = openWorld()
  const headers = await open()
  world.known.clear()
  const late = Promise.withResolvers<void>()
  world.gate = late.promise
  const waiting = send('POST', call, headers)
  assert.match((await send('POST', call, headers)).text, /"by":"session-2"/)
  late.resolve()
  assert.match((await waiting).text, /"by":"session-2"/)
  assert.equal(world.opened, 2)
})

test('a stream that is taken up again begins anew: of its events the new session knows nothing', async () => {
  const { world, send, open } = openWorld()
  const headers = await open()
  world.known.clear()
  assert.equal((await send('GET', undefined, { ...headers, 'last-event-id': '7' })).status, 200)
  assert.deepEqual(
    world.received.filter(({ method }) => method === 'GET').map(each => each.headers['last-event-id']),
    ['7', undefined],
  )
})

test('what cannot be opened again is told as the server said it', async () => {
  const { world, send, open } = openWorld()
  const headers = await open()
  world.known.clear()
  world.version = '2024-11-05'
  assert.deepEqual(await send('POST', call, headers), {
    status: 404,
    id: undefined,
    text: '{"error":"not found"}',
  })
})

test('a session that nobody opened here, that was closed, or of another server is nobody’s to open', async () => {
  const { world, send, open } = openWorld()
  const headers = await open()
  assert.equal((await send('POST', call, { 'mcp-session-id': 'made up' })).status, 404)
  assert.equal((await send('POST', call, headers, 'other')).status, 200)
  world.known.clear()
  assert.equal((await send('POST', call, headers, 'other')).status, 404)
  assert.equal((await send('DELETE', undefined, headers)).status, 404)
  assert.equal((await send('POST', call, headers)).status, 404)
  assert.equal(world.opened, 1)
})
