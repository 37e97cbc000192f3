import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FakeReply } from '../session/session-fixture.ts'
import { forward, openEndpointWorld } from './endpoint-fixture.ts'
import type { EndpointWorld } from './endpoint-fixture.ts'

interface BegunTask {
  readonly world: EndpointWorld
  readonly session: string
  /** What the server says. */
  readonly say: (message: object) => void
  readonly ask: (id: number, taskId: string) => Promise<FakeReply>
}

/** A call that goes on as the task `t`. */
const beginTask = async (): Promise<BegunTask> => {
  const world = openEndpointWorld()
  const session = await world.initialize()
  const say = (message: object): void =>
    world.children[0]!.say.onLine(JSON.stringify({ jsonrpc: '2.0', ...message }))
  world.authorize = () => Promise.resolve(forward)
  const params = { name: 'transfer', arguments: { to: 'x' }, task: {} }
  await world.post({ id: 1, method: 'tools/call', params }, { session })
  say({ id: 1, result: { task: { taskId: 't', status: 'working' } } })
  const ask = (id: number, taskId: string): Promise<FakeReply> =>
    world.post({ id, method: 'tasks/result', params: { taskId } }, { session })
  return { world, session, say, ask }
}

test('the result of a task is reported whenever it comes, though its agent asked for it and gave up, or asked wrongly', async () => {
  const { world, session, say, ask } = await beginTask()
  await ask(2, 't')
  await world.post({ method: 'notifications/cancelled', params: { requestId: 2 } }, { session })
  world.timers.pass(1_000)
  await ask(3, 't')
  say({ id: 3, error: { code: -32_602, message: 'Not like this.' } })
  assert.deepEqual(world.outcomes, [])
  await ask(4, 't')
  say({ id: 4, result: { content: [] } })
  assert.deepEqual(
    world.outcomes.map(({ invocationId, outcome, resultBytes }) => [invocationId, outcome, resultBytes > 0]),
    [[forward.invocationId, 'ok', true]],
  )
})

test('a result of a task that is on nobody’s record is not passed on: of an unknown task, or a second one', async () => {
  const { world, say, ask } = await beginTask()
  const answered = async (id: number, taskId: string): Promise<string> => {
    const reply = await ask(id, taskId)
    say({ id, result: { content: [{ type: 'text', text: `answer ${id}` }] } })
    return reply.answers[0]!.body
  }
  assert.match(await answered(2, 'another'), /"error":\{"code":-32602,"message":"Cordon: expected the result/)
  assert.match(await answered(3, 't'), /answer 3/)
  assert.doesNotMatch(await answered(4, 't'), /answer 4/)
  assert.equal(world.outcomes.length, 1)
})
