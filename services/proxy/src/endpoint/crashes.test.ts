import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { AuthorizeAnswer } from '@cordon/engine-socket'

import { settled } from '../session/session-fixture.ts'
import { forward, openEndpointWorld, transfer } from './endpoint-fixture.ts'
import type { EndpointWorld } from './endpoint-fixture.ts'

const crash = (world: EndpointWorld): void =>
  world.children[0]!.say.onGone({ kind: 'crashed', detail: 'it ended (exit code 3)' })

const outcomesOf = ({ outcomes }: EndpointWorld): string[] => outcomes.map(({ outcome }) => outcome)

/** A call that the engine still decides about, and `pass` to have it let pass. */
const openUndecided = async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const decision = Promise.withResolvers<AuthorizeAnswer>()
  world.authorize = () => decision.promise
  const posted = world.post(transfer, { session })
  await settled()
  const pass = async (): Promise<void> => {
    decision.resolve(forward)
    await posted
  }
  return { world, session, pass }
}

test('a call that was at work at a server that crashes is an error on record', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  world.authorize = () => Promise.resolve(forward)
  await world.post(transfer, { session })
  crash(world)
  assert.deepEqual(outcomesOf(world), ['error'])
})

test('so is one that the engine lets pass only after the crash, and with it the end of the MCP session', async () => {
  const { world, pass } = await openUndecided()
  crash(world)
  assert.match(world.latestReply!.answers[0]!.body, /it ended \(exit code 3\)/)
  assert.deepEqual(outcomesOf(world), [])
  await pass()
  assert.deepEqual(outcomesOf(world), ['error'])
  assert.equal(world.children[0]!.received.length, 1)
})

test('so is one that goes on as a task', async () => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  world.authorize = () => Promise.resolve(forward)
  await world.post({ ...transfer, params: { ...transfer.params, task: {} } }, { session })
  world.children[0]!.say.onLine('{"jsonrpc":"2.0","id":1,"result":{"task":{"taskId":"t"}}}')
  crash(world)
  assert.deepEqual(outcomesOf(world), ['error'])
})

test('what its agent ended itself is cancelled, whenever the engine lets it pass', async () => {
  const { world, session, pass } = await openUndecided()
  await world.delete(session)
  crash(world)
  await pass()
  assert.deepEqual(outcomesOf(world), ['cancelled'])
})
