import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { InvocationId } from '@cordon/foundation'

import type { EngineClientEvent } from './engine-client.ts'
import { createEngineClient } from './engine-client.ts'
import { encodeFrame } from './frame-encoder.ts'
import type { OutcomeReport } from './messages.ts'
import { outcomeOf } from './outcome-fixture.ts'
import { answerWithTool, createSocketFixture, until } from './socket-fixture.ts'

const proven = { token: 't', proof: 'p', htm: 'POST', htu: 'https://proxy.example/mcp/files' }
const call = { ...proven, server: 'files', tool: 'read_file', arguments: {} }
const session = { ...proven, server: 'files', method: 'tools/list' }
const outcome = (invocationId: string): OutcomeReport => outcomeOf(invocationId as InvocationId)

/** An engine that takes everything and answers only what it is told to. */
const openDeafEngine = async (
  context: TestContext,
  socketPath: string,
): Promise<{ readonly sockets: readonly Socket[]; close(): Promise<void> }> => {
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.resume()
  })
  await new Promise<void>(resolve => {
    server.listen(socketPath, resolve)
  })
  const close = (): Promise<void> =>
    new Promise(resolve => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  context.after(close)
  return { sockets, close }
}

test('many calls share one connection and each gets its own answer', async context => {
  const { openServer, openClient } = await createSocketFixture(context)
  await openServer({
    // Later calls are answered first.
    async onAuthorize(request) {
      await new Promise(resolve => setTimeout(resolve, 20 - Number(request.tool)))
      return answerWithTool(request)
    },
  })
  const client = await openClient({ maxOpenRequests: 7 })
  const tools = Array.from({ length: 20 }, (_, index) => String(index))
  const replies = await Promise.all(tools.map(tool => client.authorize({ ...call, tool })))
  assert.deepEqual(
    replies.map(reply => reply.refusal?.message),
    tools,
  )
  assert.equal((await client.admit(session)).admitted, true)
  assert.equal((await client.vouch({ token: 't', server: 'files' })).vouched, true)
})

test('fails closed at once while the engine is away, and finds it again', async context => {
  const { openServer, openClient, socketPath } = await createSocketFixture(context)
  const deaf = await openDeafEngine(context, socketPath)
  const events: EngineClientEvent['type'][] = []
  const client = await openClient({ minBackoffMs: 1, onEvent: ({ type }) => events.push(type) })

  const orphan = client.authorize(call)
  const unadmitted = client.admit(session)
  await deaf.close()
  assert.deepEqual([(await orphan).verdict, (await orphan).refusal?.reason], ['deny', 'ENGINE_UNAVAILABLE'])
  assert.equal((await unadmitted).admitted, false)
  const unasked = await client.authorize(call)
  assert.equal(unasked.refusal?.reason, 'ENGINE_UNAVAILABLE')
  // What was sent may have been counted.
  assert.deepEqual([(await orphan).uncounted, unasked.uncounted], [undefined, true])

  const reported: string[] = []
  client.report(outcome('while-away'))
  await openServer({ onOutcome: ({ invocationId }) => reported.push(invocationId) })
  await until(() => client.connected)
  assert.equal((await client.authorize(call)).refusal?.message, 'read_file')
  assert.deepEqual(reported, ['while-away'])
  assert.deepEqual(events, ['connected', 'disconnected', 'connected'])
})

test('a call that is not answered in time is refused, and its late answer goes nowhere', async context => {
  const { openClient, socketPath } = await createSocketFixture(context)
  const deaf = await openDeafEngine(context, socketPath)
  const client = await openClient({ requestTimeoutMs: 20, maxOpenRequests: 1 })
  const [sent, queued] = await Promise.all([client.authorize(call), client.authorize(call)])
  for (const { verdict, refusal } of [sent, queued]) {
    assert.deepEqual([verdict, refusal?.reason], ['deny', 'ENGINE_UNAVAILABLE'])
  }
  const next = client.authorize(call)
  for (const request of [0, 2]) {
    deaf.sockets[0]!.write(encodeFrame({ type: 'authorize', request, verdict: 'forward', nonce: 'n' }))
  }
  assert.deepEqual(await next, { type: 'authorize', request: 2, verdict: 'forward', nonce: 'n' })
})

test('an answer to another question is no answer', async context => {
  const { openClient, socketPath } = await createSocketFixture(context)
  const deaf = await openDeafEngine(context, socketPath)
  const client = await openClient()
  const reply = client.authorize(call)
  deaf.sockets[0]!.write(encodeFrame({ type: 'admit', request: 0, admitted: true, nonce: 'n' }))
  assert.deepEqual([(await reply).verdict, (await reply).refusal?.reason], ['deny', 'ENGINE_UNAVAILABLE'])
})

test('an engine that talks nonsense is left and every open call refused', async context => {
  const { openClient, socketPath } = await createSocketFixture(context)
  const deaf = await openDeafEngine(context, socketPath)
  const client = await openClient()
  const reply = client.authorize(call)
  deaf.sockets[0]!.write('GET / HTTP/1.1\r\n\r\n')
  assert.equal((await reply).refusal?.reason, 'ENGINE_UNAVAILABLE')
  await until(() => deaf.sockets.length > 1)
})

test('what cannot be framed is refused before it is sent', async context => {
  const { openServer, openClient } = await createSocketFixture(context)
  await openServer()
  const client = await openClient()
  let nested: Record<string, unknown> = {}
  for (let depth = 0; depth < 100_000; depth += 1) nested = { nested }
  const { verdict, refusal } = await client.authorize({ ...call, arguments: nested })
  assert.deepEqual([verdict, refusal?.reason], ['deny', 'ARGUMENTS_INVALID'])
  assert.equal((await client.authorize(call)).refusal?.message, 'read_file')
})

test('of what is too large the engine is told all but that', async context => {
  const { openServer, openClient } = await createSocketFixture(context)
  const arrived: unknown[] = []
  await openServer({
    onAuthorize(request, { bytes }) {
      arrived.push([
        request.tool,
        Object.keys(request.arguments).length,
        request.leftOutBytes === bytes,
        bytes,
      ])
      return answerWithTool(request)
    },
    onOutcome: ({ entities, entitiesOverflow }) => arrived.push([entities.length, entitiesOverflow]),
  })
  const client = await openClient({ maxFrameBytes: 1024 })
  client.report({ ...outcome('i'), entities: [{ kind: 'url', value: 'x'.repeat(1024) }] })
  await client.authorize({ ...call, arguments: { text: 'x'.repeat(1024) } })
  const message = { ...call, type: 'authorize', request: 0 }
  await client.authorize(call)
  assert.deepEqual(arrived, [
    [0, true],
    ['read_file', 0, true, JSON.stringify({ ...message, arguments: { text: '' } }).length + 1024],
    ['read_file', 0, false, JSON.stringify(message).length],
  ])
})

test('more than the queue holds is refused at once, outcomes are counted', async context => {
  const { openClient, socketPath } = await createSocketFixture(context)
  await openDeafEngine(context, socketPath)
  const events: EngineClientEvent['type'][] = []
  const client = await openClient({
    maxOpenRequests: 1,
    maxQueuedBytes: 300,
    onEvent: ({ type }) => events.push(type),
  })
  void client.authorize(call)
  void client.authorize(call)
  const refused = await client.authorize({ ...call, arguments: { text: 'x'.repeat(300) } })
  assert.match(refused.refusal?.message ?? '', /overloaded/)
  assert.equal(refused.uncounted, true)
  client.report(outcome('y'.repeat(300)))
  assert.deepEqual(events, ['connected', 'outcome-dropped'])
})

test('closing it loses no engine, and refuses what is open', async context => {
  const { openClient, socketPath } = await createSocketFixture(context)
  await openDeafEngine(context, socketPath)
  const events: EngineClientEvent['type'][] = []
  const client = await openClient({ onEvent: ({ type }) => events.push(type) })
  const open = client.authorize(call)
  await client.close()
  assert.equal((await open).refusal?.reason, 'ENGINE_UNAVAILABLE')
  assert.deepEqual(events, ['connected'])
})

test('waits for an engine that starts later', async context => {
  const { openServer, socketPath } = await createSocketFixture(context)
  const client = createEngineClient({ socketPath, minBackoffMs: 1, maxBackoffMs: 5 })
  context.after(() => client.close())
  assert.equal((await client.authorize(call)).refusal?.reason, 'ENGINE_UNAVAILABLE')
  await openServer()
  await until(() => client.connected)
  assert.equal((await client.authorize(call)).refusal?.message, 'read_file')
})

test('an outcome goes with what its call came with, where another engine than the one that let it pass gets it', async context => {
  const { openServer, openClient } = await createSocketFixture(context)
  const reported: (readonly [string, OutcomeReport['call']])[] = []
  const options: Parameters<typeof openServer>[0] = {
    onAuthorize: ({ tool }) =>
      Promise.resolve({ verdict: 'forward', invocationId: tool as InvocationId, nonce: 'n' }),
    onOutcome: outcome => reported.push([outcome.invocationId, outcome.call]),
  }
  const first = await openServer(options)
  const client = await openClient({ minBackoffMs: 1 })
  for (const tool of ['same', 'other', 'away']) await client.authorize({ ...call, tool })
  client.report(outcome('same'))
  await until(() => reported.length === 1)
  await first.close()
  await until(() => !client.connected)
  client.report(outcome('away'))
  await openServer(options)
  await until(() => client.connected)
  client.report(outcome('other'))
  client.report(outcome('other'))
  await until(() => reported.length === 4)
  const came = (tool: string): OutcomeReport['call'] => ({ token: 't', server: 'files', tool })
  assert.deepEqual(reported, [
    ['same', undefined],
    ['away', came('away')],
    ['other', came('other')],
    // Once for each call.
    ['other', undefined],
  ])
})

test('an outcome that has to wait goes with what its call came with: another engine may get it', async context => {
  const { openClient, socketPath } = await createSocketFixture(context)
  const deaf = await openDeafEngine(context, socketPath)
  const client = await openClient({ maxOpenRequests: 1 })
  const passed = client.authorize(call)
  deaf.sockets[0]!.write(
    encodeFrame({ type: 'authorize', request: 0, verdict: 'forward', invocationId: 'i', nonce: 'n' }),
  )
  await passed
  // The second of these waits for its turn, and so does the outcome.
  void client.authorize(call)
  void client.authorize(call)
  client.report(outcome('i'))
  await deaf.close()
  const texts: Buffer[] = []
  const next = createServer(socket => socket.on('data', (chunk: Buffer) => texts.push(chunk)))
  context.after(() => next.close())
  next.listen(socketPath)
  await until(() => texts.length > 0)
  assert.match(Buffer.concat(texts).toString(), /"call":\{"token":"t","server":"files","tool":"read_file"\}/)
})
