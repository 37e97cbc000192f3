import assert from 'node:assert/strict'
import { createConnection, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'

import { makeSessionId, type SessionId } from '@cordon/foundation'

import type { EngineServerEvent } from './engine-server.ts'
import { createFrameDecoder } from './frame-decoder.ts'
import { encodeFrame } from './frame-encoder.ts'
import { createSocketFixture, until } from './socket-fixture.ts'

const session = { token: 't', server: 'files' }
const sessionId = makeSessionId(3, '0197b1a0-0000-7000-8000-000000000000')

/** An enforcement point whose frames are made by hand. */
const openPeer = async (context: TestContext, socketPath: string) => {
  const decoder = createFrameDecoder(64 * 1024)
  const heard: Readonly<Record<string, unknown>>[] = []
  const socket: Socket = createConnection(socketPath)
  context.after(() => socket.destroy())
  socket.on('error', () => undefined)
  socket.on('data', chunk => {
    decoder.push(chunk)
    for (let text = decoder.next(); text !== undefined; text = decoder.next())
      heard.push(JSON.parse(text) as Readonly<Record<string, unknown>>)
  })
  await new Promise<void>(resolve => socket.once('connect', () => resolve()))
  let request = 0
  const ask = async (members: object): Promise<void> => {
    const count = heard.length
    socket.write(encodeFrame({ type: 'vouch', request: (request += 1), ...session, ...members }))
    await until(() => heard.length > count)
  }
  return { socket, heard, ask, said: () => heard.filter(({ type }) => type === 'changed') }
}

test('who follows is told of one session, and of any', async context => {
  const { openServer, openClient } = await createSocketFixture(context)
  const server = await openServer()
  const told: (SessionId | undefined)[] = []
  const client = await openClient({ onChanged: changed => told.push(changed) })
  await client.vouch(session)
  server.tellChanged(sessionId)
  server.tellChanged()
  await until(() => told.length === 2)
  assert.deepEqual(told, [sessionId, undefined])
})

test('an enforcement point of before is told nothing that it does not know, and goes on', async context => {
  const { openServer, socketPath } = await createSocketFixture(context)
  const server = await openServer()
  const [before, following] = [await openPeer(context, socketPath), await openPeer(context, socketPath)]
  await before.ask({})
  await following.ask({ follows: true })
  server.tellChanged(sessionId)
  await until(() => following.said().length === 1)
  await before.ask({})
  assert.deepEqual([before.said(), before.socket.destroyed], [[], false])
})

test('an engine of before is asked as ever: what says that one follows stands beside the question, once for a connection', async context => {
  const { openServer, openClient } = await createSocketFixture(context)
  const asked: unknown[] = []
  const onVouch = (request: object) => {
    asked.push('follows' in request)
    return Promise.resolve({ vouched: true, nonce: 'n' })
  }
  const server = await openServer({ onVouch })
  const client = await openClient({ minBackoffMs: 1, onChanged: () => undefined })
  await client.vouch(session)
  await client.vouch(session)
  assert.deepEqual(asked, [true, false])
  await server.close()
  await until(() => !client.connected)
  await openServer({ onVouch })
  await until(() => client.connected)
  await client.vouch(session)
  assert.deepEqual(asked, [true, false, true])
})

test('who waits for nothing says nothing of following', async context => {
  const { openServer, openClient } = await createSocketFixture(context)
  const asked: string[][] = []
  const server = await openServer({
    onVouch: request => {
      asked.push(Object.keys(request).sort())
      return Promise.resolve({ vouched: true, nonce: 'n' })
    },
  })
  const client = await openClient()
  await client.vouch(session)
  server.tellChanged(sessionId)
  assert.equal((await client.vouch(session)).vouched, true)
  assert.deepEqual(asked[0], ['request', 'server', 'token', 'type'])
})

/**
 * @fault an enforcement point does not read what the engine says to it
 * @behaviour it is not told of sessions that changed while it does not read, and nothing gathers in the engine; it looks each second by itself
 * @counter none: the engine counts the event
 */
test('what a peer does not read does not gather', async context => {
  const { openServer, socketPath } = await createSocketFixture(context)
  const events: EngineServerEvent['type'][] = []
  const server = await openServer({ onEvent: ({ type }) => events.push(type) })
  const peer = await openPeer(context, socketPath)
  await peer.ask({ follows: true })
  peer.socket.pause()
  for (let round = 0; round < 20_000 && !events.includes('notice-dropped'); round += 1) {
    server.tellChanged(sessionId)
    if (round % 50 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  assert.ok(events.includes('notice-dropped'))
  peer.socket.resume()
  await until(() => peer.said().length > 0)
})
