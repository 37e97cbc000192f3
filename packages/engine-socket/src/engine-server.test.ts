import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { rm, stat, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { test } from 'node:test'

import type { InvocationId } from '@cordon/foundation'
import * as fc from 'fast-check'

import type { EngineServerEvent } from './engine-server.ts'
import { encodeFrame } from './frame-encoder.ts'
import { outcomeOf } from './outcome-fixture.ts'
import { answerWithTool, createSocketFixture, until } from './socket-fixture.ts'

const proven = { token: 't', proof: 'p', htm: 'POST', htu: 'https://proxy.example/mcp/files' }
const call = { ...proven, server: 'files', tool: 'read_file', arguments: {} }

test('only the owner may open the socket file, and it goes with the server', async context => {
  const { openServer, socketPath } = await createSocketFixture(context)
  const server = await openServer()
  assert.equal((await stat(socketPath)).mode & 0o777, 0o600)
  await server.close()
  await assert.rejects(stat(socketPath), { code: 'ENOENT' })
})

test('replaces the file of a dead engine, and nothing else', async context => {
  const { openServer, socketPath } = await createSocketFixture(context)
  // A process that is killed leaves its socket file behind.
  const script = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
  await new Promise(resolve => spawn(process.execPath, ['-e', script, socketPath]).once('exit', resolve))
  assert.ok((await stat(socketPath)).isSocket())

  const server = await openServer()
  await assert.rejects(openServer(), { code: 'SOCKET_IN_USE' })
  await server.close()

  await writeFile(socketPath, 'a document')
  await assert.rejects(openServer(), { code: 'SOCKET_PATH_INVALID' })
  await rm(socketPath)
  await assert.rejects(openServer({ socketPath: `/${'x'.repeat(107)}` }), { code: 'SOCKET_PATH_INVALID' })
})

test('takes no more than its limit of open requests from one connection', async context => {
  const { openServer, openClient } = await createSocketFixture(context)
  const waiting: (() => void)[] = []
  let most = 0
  await openServer({
    maxOpenRequests: 3,
    async onAuthorize(request) {
      most = Math.max(most, waiting.length + 1)
      await new Promise<void>(resolve => waiting.push(resolve))
      return answerWithTool(request)
    },
  })
  const client = await openClient()
  const replies = Array.from({ length: 10 }, (_, index) => client.authorize({ ...call, tool: `t${index}` }))
  for (let answered = 0; answered < 10; answered += 1) {
    await until(() => waiting.length > 0)
    waiting.shift()!()
  }
  assert.deepEqual(
    (await Promise.all(replies)).map(({ refusal }) => refusal?.message),
    replies.map((_, index) => `t${index}`),
  )
  assert.equal(most, 3)
})

test('large calls take turns with what else there is to do', async context => {
  const { openServer, openClient } = await createSocketFixture(context)
  let turn = 0
  let isOver = false
  const nextTurn = (): void => {
    turn += 1
    if (!isOver) setImmediate(nextTurn)
  }
  const turns: number[] = []
  await openServer({
    onAuthorize(request) {
      turns.push(turn)
      return answerWithTool(request)
    },
  })
  const client = await openClient()
  const large = { ...call, arguments: { text: 'x'.repeat(128 * 1024) } }
  // All of it has arrived before the first is read.
  nextTurn()
  await Promise.all(Array.from({ length: 5 }, () => client.authorize(large)))
  isOver = true
  assert.equal(new Set(turns).size, 5)
})

test('rejects a text of 21,000 items unread', async context => {
  const { openServer, openClient } = await createSocketFixture(context)
  const events: EngineServerEvent[] = []
  await openServer({ onEvent: event => events.push(event) })
  const client = await openClient()
  const items = Array.from({ length: 21_000 }, () => 1)
  const { refusal } = await client.authorize({ ...call, arguments: { items } })
  assert.equal(refusal?.reason, 'ENGINE_UNAVAILABLE')
  const broken = events.find(event => event.type === 'peer-broken')
  assert.match(String(broken?.error), /expected at most 20500 members and items, got more/)
})

test('answers what is open before it closes', async context => {
  const { openServer, openClient } = await createSocketFixture(context)
  let finish: () => void = () => undefined
  const server = await openServer({
    async onAuthorize(request) {
      await new Promise<void>(resolve => {
        finish = resolve
      })
      return answerWithTool(request)
    },
  })
  const client = await openClient()
  const reply = client.authorize(call)
  await client.admit({ ...proven, server: 'files', method: 'GET' })
  const closed = server.close()
  finish()
  assert.equal((await reply).refusal?.message, 'read_file')
  await closed
})

test('a handler that fails refuses its own call only', async context => {
  const { openServer, openClient } = await createSocketFixture(context)
  const events: EngineServerEvent[] = []
  await openServer({
    onAuthorize: request =>
      request.tool === 'bad' ? Promise.reject(new Error('broken')) : answerWithTool(request),
    onOutcome() {
      throw new Error('broken')
    },
    onEvent: event => events.push(event),
  })
  const client = await openClient()
  client.report(outcomeOf('i' as InvocationId))
  const [bad, good] = await Promise.all([client.authorize({ ...call, tool: 'bad' }), client.authorize(call)])
  assert.equal(bad.refusal?.reason, 'ENGINE_UNAVAILABLE')
  assert.equal(good.refusal?.message, 'read_file')
  assert.equal(events.filter(({ type }) => type === 'handler-failed').length, 2)
})

test('arguments that are no object are refused, and the connection stays', async context => {
  const { openServer, openClient } = await createSocketFixture(context)
  await openServer()
  const client = await openClient()
  const wrong = await client.authorize({ ...call, arguments: ['a'] as never })
  assert.deepEqual([wrong.verdict, wrong.refusal?.reason], ['deny', 'ARGUMENTS_INVALID'])
  assert.equal((await client.authorize(call)).refusal?.message, 'read_file')
})

test('survives whatever bytes a peer sends, and serves the others', async context => {
  const { openServer, openClient, socketPath } = await createSocketFixture(context)
  const events: EngineServerEvent[] = []
  await openServer({ onEvent: event => events.push(event) })
  const client = await openClient()

  const bytes = fc.uint8Array({ minLength: 1, maxLength: 512 }).map(array => Buffer.from(array))
  const framed = fc
    .oneof(fc.jsonValue(), fc.record({ type: fc.constantFrom('authorize', 'admit', 'vouch', 'outcome') }))
    .map(message => encodeFrame(message))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(bytes, framed), { minLength: 1, maxLength: 5 }), async chunks => {
      await new Promise<void>((resolve, reject) => {
        const peer = createConnection(socketPath)
        peer.on('error', error =>
          'code' in error && /EPIPE|ECONNRESET/.test(String(error.code)) ? resolve() : reject(error),
        )
        peer.once('close', () => resolve())
        for (const chunk of chunks) peer.write(chunk)
        peer.end()
        peer.resume()
      })
    }),
    { numRuns: 60 },
  )
  assert.ok(events.some(({ type }) => type === 'peer-broken'))
  assert.equal((await client.authorize(call)).refusal?.message, 'read_file')
})
