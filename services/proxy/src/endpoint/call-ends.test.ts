import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { OutcomeReport, Refusal } from '@cordon/engine-socket'

import { settled, type FakeReply } from '../session/session-fixture.ts'
import { answer, discovered, initialized, lastOf, say, unknownMethod } from '../upstream/link/link-fixture.ts'
import { forward, mallory, openEndpointWorld, transfer } from './endpoint-fixture.ts'
import type { EndpointWorld, FakeChild } from './endpoint-fixture.ts'

/** An agent of one generation before a server of the same or the other one. */
interface Way {
  readonly world: EndpointWorld
  /** Makes a call, whatever becomes of it. */
  readonly call: () => Promise<FakeReply>
  /** The agent does not want it any more. */
  readonly cancel: () => Promise<void>
  readonly child: () => FakeChild
}

const ways: Readonly<Record<string, () => Promise<Way>>> = {
  'an agent in a session, a server with sessions': async () => {
    const world = openEndpointWorld()
    return inSession(world, await world.initialize())
  },
  'an agent in a session, a server without': async () => {
    const world = openEndpointWorld()
    const opening = await world.post({ id: 'init', method: 'initialize', params: { capabilities: {} } })
    const data = { supported: ['2026-07-28'] }
    say(world.children[0]!, { id: 'init', error: { code: -32_022, message: 'Unsupported version', data } })
    await settled()
    await answer(world.children[1]!, { result: discovered })
    return inSession(world, opening.headers.get('mcp-session-id')!)
  },
  'an agent without a session, a server without': async () => {
    const way = withoutSession(openEndpointWorld())
    await way.open({ result: discovered })
    return way
  },
  'an agent without a session, a server with sessions': async () => {
    const way = withoutSession(openEndpointWorld())
    await way.open(unknownMethod, { result: initialized })
    return way
  },
}

const inSession = (world: EndpointWorld, session: string): Way => ({
  world,
  call: () => world.post(transfer, { session }),
  async cancel() {
    await world.post({ method: 'notifications/cancelled', params: { requestId: transfer.id } }, { session })
    world.timers.pass(1_000)
  },
  child: () => world.children.at(-1)!,
})

const withoutSession = (world: EndpointWorld) => {
  let reply: FakeReply | undefined
  return {
    world,
    async open(...answers: readonly object[]) {
      const listing = await world.ask({ id: 'list', method: 'tools/list' })
      for (const each of answers) await answer(world.children.at(-1)!, each)
      await answer(world.children.at(-1)!, { result: { tools: [] } })
      assert.equal(listing.answers.length, 1)
    },
    async call() {
      const asked = world.ask(transfer)
      reply = world.latestReply
      return asked
    },
    cancel() {
      reply?.hangUp()
      return Promise.resolve()
    },
    child: () => world.children.at(-1)!,
  }
}

const suspended: Refusal = { reason: 'SESSION_SUSPENDED', message: 'The session is suspended.' }

/** What becomes of a call that is under way at its server. */
const ends: Readonly<
  Record<string, readonly [OutcomeReport['outcome'], (way: Way) => Promise<void> | void]>
> = {
  'its server answers': ['ok', ({ child }) => answer(child(), { result: { content: [] } })],
  'its server says that it failed': [
    'error',
    ({ child }) => answer(child(), { result: { content: [], isError: true } }),
  ],
  'its server answers with an error': [
    'error',
    ({ child }) => answer(child(), { error: { code: -32_000, message: 'no' } }),
  ],
  'its server answers in other bytes than UTF-8': [
    'error',
    ({ child }) =>
      child().say.onGarbled(JSON.stringify({ jsonrpc: '2.0', id: lastOf(child())['id'], result: {} })),
  ],
  'its server is silent': ['timeout', ({ world }) => world.timers.pass(5_000)],
  'its server is found silent by what reads it': [
    'timeout',
    ({ child }) => child().say.onGone({ kind: 'timeout', detail: 'expected an answer, got none' }),
  ],
  'its server ends': [
    'error',
    ({ child }) => child().say.onGone({ kind: 'crashed', detail: 'expected it to run, got its end' }),
  ],
  'its agent cancels it': ['cancelled', ({ cancel }) => cancel()],
  'its session may not go on': [
    'cancelled',
    ({ world }) => world.parts.sessions.all().forEach(connection => connection.cut(suspended)),
  ],
  'the proxy stops': ['cancelled', ({ world }) => world.parts.sessions.endAll('drained')],
}

const isOnce = ({ world }: Way, outcome: OutcomeReport['outcome']): void => {
  assert.deepEqual(world.ended, [outcome], 'counted')
  assert.deepEqual(
    world.outcomes.map(each => [each.invocationId, each.outcome]),
    [[forward.invocationId, outcome]],
    'reported',
  )
}

/** Whatever else may come. */
const outlast = async (way: Way, id: unknown): Promise<void> => {
  say(way.child(), { id, result: { content: [] } })
  way.child().say.onGone({ kind: 'crashed', detail: 'expected it to run, got its end' })
  await way.cancel()
  await way.world.parts.sessions.endAll('drained')
  way.world.timers.pass(10_000_000)
  await settled()
}

for (const [name, open] of Object.entries(ways)) {
  for (const [what, [outcome, end]] of Object.entries(ends)) {
    test(`${name}: a call is counted and reported once, as ${outcome}, where ${what}`, async () => {
      const way = await open()
      way.world.authorize = () => Promise.resolve(forward)
      await way.call()
      await settled()
      const { id, method } = lastOf(way.child())
      assert.equal(method, 'tools/call')
      assert.deepEqual(way.world.ended, [])
      await end(way)
      await settled()
      isOnce(way, outcome)
      await outlast(way, id)
      isOnce(way, outcome)
    })
  }

  test(`${name}: a call that was let pass and is not forwarded after all is counted and reported once`, async () => {
    const cases = [
      ['cancelled', forward, true],
      ['error', { ...forward, sessionId: undefined }, false],
    ] as const
    for (const [outcome, { sessionId, ...decision }, cancels] of cases) {
      const way = await open()
      const decided = Promise.withResolvers<void>()
      way.world.authorize = async () => {
        await decided.promise
        return { ...decision, ...(sessionId !== undefined && { sessionId }) }
      }
      const call = way.call()
      await settled()
      if (cancels) await way.cancel()
      decided.resolve()
      await call
      await settled()
      assert.notEqual(lastOf(way.child())['method'], 'tools/call')
      isOnce(way, outcome)
      await outlast(way, transfer.id)
      isOnce(way, outcome)
    }
  })

  test(`${name}: a call that the engine refuses does not end, for it did not begin`, async () => {
    const way = await open()
    way.world.authorize = () => Promise.resolve({ verdict: 'deny', nonce: 'n', refusal: suspended })
    await way.call()
    await outlast(way, transfer.id)
    assert.deepEqual([way.world.ended, way.world.outcomes], [[], []])
  })
}

test('a call that the session of another made is counted and reported once, and answered as of no session', async () => {
  const world = openEndpointWorld()
  const way = inSession(world, await world.initialize())
  world.authorize = () => Promise.resolve({ ...forward, sessionId: mallory })
  const reply = await way.call()
  assert.equal(reply.answers[0]!.status, 404)
  isOnce(way, 'error')
})

test('calls that meet a header that says otherwise, or no room, are counted and reported once', async () => {
  const schema = { type: 'object', properties: { to: { type: 'string', 'x-mcp-header': 'To' } } }
  const mismatching = withoutSession(openEndpointWorld())
  mismatching.world.authorize = () => Promise.resolve(forward)
  mismatching.world.parts.toolHeaders.learn('bank', { tools: [{ name: 'transfer', inputSchema: schema }] })
  const mismatch = await mismatching.call()
  assert.equal(mismatch.answers[0]!.status, 400)
  isOnce({ ...mismatching, child: () => mismatching.world.children[0]! }, 'error')

  const full = withoutSession(openEndpointWorld())
  full.world.authorize = () => Promise.resolve(forward)
  full.world.parts.sessions.makeRoom = () => false
  const turnedAway = await full.call()
  assert.equal(turnedAway.answers[0]!.status, 503)
  isOnce(full, 'error')
})

/** What becomes of a call that goes on as the task `t`. */
const taskEnds: Readonly<
  Record<
    string,
    readonly [OutcomeReport['outcome'], (way: Way, ask: (method: string) => Promise<void>) => unknown]
  >
> = {
  'its agent gets the result': [
    'ok',
    async ({ child }, ask) => {
      await ask('tasks/result')
      say(child(), { id: 'of-the-task', result: { content: [] } })
    },
  ],
  'its agent cancels the task': [
    'cancelled',
    async ({ child }, ask) => {
      await ask('tasks/cancel')
      say(child(), { id: 'of-the-task', result: {} })
    },
  ],
  'its session may not go on': [
    'cancelled',
    ({ world }) => world.parts.sessions.all().forEach(connection => connection.cut(suspended)),
  ],
  'the proxy stops': ['cancelled', ({ world }) => world.parts.sessions.endAll('drained')],
  'its server ends': [
    'error',
    ({ child }) => child().say.onGone({ kind: 'crashed', detail: 'expected it to run, got its end' }),
  ],
}

for (const [what, [outcome, end]] of Object.entries(taskEnds)) {
  test(`a call that goes on as a task is counted and reported once, as ${outcome}, where ${what}`, async () => {
    const world = openEndpointWorld()
    const session = await world.initialize()
    const way = inSession(world, session)
    world.authorize = () => Promise.resolve(forward)
    await world.post({ ...transfer, params: { ...transfer.params, task: {} } }, { session })
    say(way.child(), { id: transfer.id, result: { task: { taskId: 't', status: 'working' } } })
    assert.deepEqual(world.ended, [])
    await end(way, async method => {
      await world.post({ id: 'of-the-task', method, params: { taskId: 't' } }, { session })
    })
    await settled()
    isOnce(way, outcome)
    await outlast(way, 'of-the-task')
    isOnce(way, outcome)
  })
}
