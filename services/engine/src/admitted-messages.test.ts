import assert from 'node:assert/strict'
import { test } from 'node:test'

import { callOf, createEngineFixture, saying, shownWith } from './engine-fixture.ts'
import { bundle, decisionOf } from './session-fixture.ts'

test('what carries data without being a call is stopped as a sensitive call is; the rest is not', async () => {
  const carrying = ['completion/complete', 'answer', 'notifications/progress', 'notifications/tasks/status']
  for (const method of carrying) {
    const { engine, world } = createEngineFixture()
    let number = 0
    const ask = async (asked = method, bytes?: number): Promise<string> => {
      const message = { ...saying(asked), ...(bytes !== undefined && { bytes }) }
      const { refusal } = await engine.admit(shownWith(String((number += 1))), message)
      return refusal?.reason ?? 'admitted'
    }
    assert.equal(await ask(), 'admitted')
    world.decision = decisionOf('verify', { version: 11 })
    assert.equal(await ask(), 'STEP_UP_REQUIRED')
    world.decision = decisionOf('read_only', { version: 12 })
    assert.deepEqual([await ask(), await ask('tools/list')], ['SESSION_READ_ONLY', 'admitted'])
    world.decision = decisionOf('trusted', { version: 13 })
    world.stalenessMs = 5001
    assert.deepEqual([await ask(), await ask('tools/list')], ['SESSION_STALE', 'admitted'])
    world.stalenessMs = 0
    world.bundle = { ...bundle, rateLimit: { callsPerSecond: 1, burst: 30 } }
    world.now += 60_000
    assert.deepEqual([await ask(method, 100_000), await ask(method, 100_000)], ['admitted', 'RATE_LIMITED'])
    assert.equal(await ask('tools/list', 4096), 'admitted')
  }
})

/** Small places in which an agent may write what it likes. */
const roomy = [
  'initialize',
  'ping',
  'tools/list',
  'tasks/get',
  'resources/subscribe',
  'subscriptions/listen',
  'logging/setLevel',
  'notifications/cancelled',
  'no/such/method',
]

test('any message that is large carries data, whatever it is called; a small one does not', async () => {
  for (const method of roomy) {
    const { engine, world } = createEngineFixture()
    let number = 0
    const say = async (bytes: number): Promise<string> => {
      const { refusal } = await engine.admit(shownWith(String((number += 1))), { ...saying(method), bytes })
      return refusal === undefined ? 'admitted' : `${refusal.reason}: ${refusal.message}`
    }
    assert.equal(await say(100_000), 'admitted')
    const expected = [
      ['verify', /^STEP_UP_REQUIRED: .*a message of more than 4096 bytes, which counts as data that leaves/],
      ['read_only', /^SESSION_READ_ONLY: .*4096 bytes/],
    ] as const
    for (const [position, [standing, refusal]] of expected.entries()) {
      world.decision = decisionOf(standing, { version: 11 + position })
      assert.match(await say(4097), refusal, method)
      assert.equal(await say(4096), 'admitted', method)
    }
    world.decision = decisionOf('trusted', { version: 13 })
    world.stalenessMs = 5001
    assert.match(await say(4097), /^SESSION_STALE/)
    assert.equal(await say(4096), 'admitted')
    world.stalenessMs = 0
    world.now += 60_000
    world.bundle = { ...bundle, rateLimit: { callsPerSecond: 1, burst: 30 } }
    assert.equal(await say(100_000), 'admitted')
    assert.match(await say(100_000), /^RATE_LIMITED: .*calls a second.*4096 bytes/)
  }
})

test('what is said in many small messages is slowed down by its size, also where calls may go on', async () => {
  const { engine, world } = createEngineFixture()
  let number = 0
  const say = async (method: string, bytes: number): Promise<string> => {
    const { refusal } = await engine.admit(shownWith(String((number += 1))), { ...saying(method), bytes })
    return refusal?.reason ?? 'admitted'
  }
  // Each counts for two.
  const told = []
  for (let message = 0; message < 160; message += 1)
    told.push(await say(roomy[message % roomy.length]!, 1500))
  assert.equal(told.filter(answer => answer === 'admitted').length, 150)
  assert.equal(told.at(-1), 'RATE_LIMITED')
  assert.equal(
    (await engine.authorize(shownWith(String((number += 1))), callOf('read_file'))).verdict,
    'forward',
  )
  world.now += 20
  assert.deepEqual(
    [await say('ping', 60), await say('ping', 60), await say('ping', 60)],
    ['admitted', 'admitted', 'RATE_LIMITED'],
  )
})

test('a client that gets going with many servers is not slowed down, however few calls it may make', async () => {
  const { engine, world } = createEngineFixture()
  world.bundle = { ...bundle, rateLimit: { callsPerSecond: 1, burst: 1 } }
  let number = 0
  const opening = ['initialize', 'notifications/initialized', 'tools/list', 'tools/list', 'prompts/list']
  const methods = [...opening, 'resources/list', 'resources/templates/list']
  for (let server = 0; server < 8; server += 1) {
    for (const method of methods) {
      const message = { ...saying(method), bytes: 3000 }
      const { refusal } = await engine.admit(shownWith(String((number += 1))), message)
      assert.equal(refusal, undefined, method)
    }
    const stream = { ...shownWith(String((number += 1))), htm: 'GET' }
    assert.equal((await engine.admit(stream, { server: 'files', method: 'GET' })).admitted, true)
  }
  assert.equal((await engine.authorize(shownWith('100'), callOf('read_file'))).verdict, 'forward')
})
