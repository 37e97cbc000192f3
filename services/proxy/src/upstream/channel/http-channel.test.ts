import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { EventSink, HttpServers } from '../../ports.ts'
import type { FakeTimers } from '../../session/session-fixture.ts'
import { fakeTimers, silentEvents, settled } from '../../session/session-fixture.ts'
import type { Channel } from './channel.ts'
import { openHttpChannel } from './http-channel.ts'

interface World {
  readonly channel: Channel
  readonly timers: FakeTimers
  /** The streams that were asked for. */
  readonly streams: readonly EventSink[]
  givenUp: number
  /** Requests. */
  sent: number
}

const open = async (): Promise<World> => {
  const timers = fakeTimers()
  const streams: EventSink[] = []
  const told = { givenUp: 0, sent: 0 }
  const servers: HttpServers = {
    send() {
      told.sent += 1
      const answer = {
        status: 200,
        mediaType: 'text/event-stream',
        mcpSessionId: undefined,
        text: () => Promise.resolve(''),
        events: (sink: EventSink) => void streams.push(sink),
        resume: () => undefined,
        discard: () => undefined,
      }
      return { answer: Promise.resolve(answer), abort: () => undefined }
    },
  }
  const channel = openHttpChannel(
    {
      name: 'bank',
      server: { transport: 'http', url: 'http://bank.example/mcp', headers: {} },
      servers,
      timers,
      events: { ...silentEvents, serverStreamGivenUp: () => void (told.givenUp += 1) },
    },
    { onMessage: () => undefined, onFault: () => undefined, onGone: () => undefined },
  )
  channel.listen({})
  await settled()
  return Object.assign(told, { timers, streams, channel })
}

/**
 * @fault a tool server ends the stream for what it says of its own accord at once, again and again
 * @behaviour asked for again later each time (30 s at most), and not any more in this session after the tenth
 * @counter none: `cordon_proxy_server_streams_given_up_total`, one per session
 */
test('a stream that ends at once is not asked for for ever', async () => {
  const world = await open()
  for (let ended = 1; ended <= 12; ended += 1) {
    world.streams[ended - 1]?.over(undefined)
    world.timers.pass(30_000)
    await settled()
  }
  assert.equal(world.streams.length, 10)
  assert.equal(world.givenUp, 1)
})

test('a stream that is cut after a while is asked for as long as the session lasts', async () => {
  const world = await open()
  for (let ended = 1; ended <= 30; ended += 1) {
    world.timers.pass(30_000)
    world.streams.at(-1)!.over(undefined)
    world.timers.pass(1_000)
    await settled()
    assert.equal(world.streams.length, ended + 1)
  }
  assert.equal(world.givenUp, 0)
})

test('each time that a stream ends at once it is asked for later', async () => {
  const world = await open()
  for (const [streams, waitMs] of [1_000, 1_000, 1_000, 1_000, 1_600, 3_200].entries()) {
    world.streams.at(-1)!.over(undefined)
    world.timers.pass(waitMs - 1)
    await settled()
    assert.equal(world.streams.length, streams + 1)
    world.timers.pass(1)
    await settled()
    assert.equal(world.streams.length, streams + 2)
  }
})

test('after its end nothing is sent or asked for any more', async () => {
  const world = await open()
  const { channel } = world
  await channel.end()
  const { sent } = world
  channel.send('{}', {}, 'listen')
  channel.send('{}', {})
  channel.listen({})
  await settled()
  assert.equal(world.sent, sent)
})
