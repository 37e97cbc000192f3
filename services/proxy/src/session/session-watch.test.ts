import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { RefusalReason } from '@cordon/engine-socket'

import { openEndpointWorld } from '../endpoint/endpoint-fixture.ts'
import type { EndpointWorld } from '../endpoint/endpoint-fixture.ts'
import { watchSessions } from './session-watch.ts'

const watched = async (idleTimeoutMs = 60_000): Promise<EndpointWorld & { readonly session: string }> => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const { sessions, engine, timers } = world.parts
  watchSessions({ sessions, engine, timers, intervalMs: 5_000, idleTimeoutMs })
  return { ...world, session }
}

const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

const refuse = ({ parts }: EndpointWorld, reason: RefusalReason): void => {
  // The fixture asks through the world, which the spread above has copied.
  Object.assign(parts.engine, {
    vouch: () => Promise.resolve({ vouched: false, nonce: 'n', refusal: { reason, message: '' } }),
  })
}

for (const reason of ['REVOKED', 'SESSION_SUSPENDED', 'TOKEN_EXPIRED', 'TOKEN_INVALID'] as const) {
  test(`${reason}: the streams of the session are closed`, async () => {
    const world = await watched()
    const stream = await world.get(world.session)
    refuse(world, reason)
    world.timers.pass(5_000)
    await settled()
    assert.equal(stream.state, 'over')
    assert.equal(world.parts.sessions.size, 1)
  })
}

for (const reason of ['SESSION_ENDED', 'SESSION_UNKNOWN'] as const) {
  test(`${reason}: its MCP sessions end too`, async () => {
    const world = await watched()
    refuse(world, reason)
    world.timers.pass(5_000)
    await settled()
    assert.equal(world.children[0]!.ended, true)
    assert.equal(world.parts.sessions.size, 0)
  })
}

test('TOKEN_EXPIRED: what nobody renewed keeps no place, though somebody listened to it', async () => {
  const world = await watched(1_800_000)
  await world.get(world.session)
  refuse(world, 'TOKEN_EXPIRED')
  for (let round = 0; round < 12; round += 1) {
    world.timers.pass(5_000)
    await settled()
  }
  assert.equal(world.parts.sessions.size, 1)
  for (let round = 0; round < 2; round += 1) {
    world.timers.pass(5_000)
    await settled()
  }
  assert.equal(world.parts.sessions.size, 0)
})

test('ENGINE_UNAVAILABLE: open streams stay', async () => {
  const world = await watched()
  const stream = await world.get(world.session)
  refuse(world, 'ENGINE_UNAVAILABLE')
  world.timers.pass(5_000)
  await settled()
  assert.equal(stream.state, 'streaming')
})

test('what nobody uses ends, what somebody listens to does not', async () => {
  const world = await watched()
  const stream = await world.get(world.session)
  for (let round = 0; round < 20; round += 1) {
    world.timers.pass(5_000)
    await settled()
  }
  assert.equal(world.children[0]!.ended, false)
  stream.hangUp()
  for (let round = 0; round < 13; round += 1) {
    world.timers.pass(5_000)
    await settled()
  }
  assert.equal(world.children[0]!.ended, true)
})

test('a child that does not want to end holds up no look at the others', async () => {
  const world = await watched()
  world.children[0]!.gone = new Promise(() => undefined)
  const other = await world.initialize()
  // Somebody listens to the other one alone.
  const stream = await world.get(other)
  for (let round = 0; round < 13; round += 1) {
    world.timers.pass(5_000)
    await settled()
  }
  refuse(world, 'SESSION_SUSPENDED')
  world.timers.pass(5_000)
  await settled()
  assert.equal(stream.state, 'over')
})
