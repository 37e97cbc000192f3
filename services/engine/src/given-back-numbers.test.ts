import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { callOf, createEngineFixture, namesOf, shownWith, type EngineFixture } from './engine-fixture.ts'
import { bundle } from './session-fixture.ts'

/** The numbers that the session's log tells of, each as often as it does. */
const recorded = ({ log }: EngineFixture): unknown[] =>
  log.flatMap(({ value }) => ('proofSequence' in value ? [value.proofSequence] : []))

describe('the number of a refused call’s proof', () => {
  test('goes to the next call where no record tells of it, so that a flood leaves no gap', async () => {
    const world = createEngineFixture()
    world.world.bundle = { ...bundle, rateLimit: { callsPerSecond: 1, burst: 5 } }
    let number = 0
    for (let turn = 0; turn < 100; turn += 1) {
      const { uncounted } = await world.engine.authorize(shownWith(String(number)), callOf('read_file'))
      if (uncounted === undefined) number += 1
      world.world.now += 50
    }
    assert.ok(number > 15 && number < 50, `${number}`)
    assert.deepEqual(
      recorded(world),
      Array.from({ length: number }, (_, place) => place),
    )
    assert.equal(world.freed.length, 100 - number)
  })

  test('is kept where it is on record, and given back beyond that: of the kill switch’s stops', async () => {
    const { engine, world, freed } = createEngineFixture()
    world.isRevoked = () => true
    const isFree = async (number: number): Promise<boolean> =>
      (await engine.authorize(shownWith(String(number)), callOf('read_file'))).uncounted ?? false
    for (let number = 0; number < 10; number += 1) assert.ok(!(await isFree(number)))
    assert.ok(await isFree(10))
    assert.deepEqual(freed, [10])
  })

  test('is given back where the log takes nothing, and where there is none', async () => {
    const { call, world, freed } = createEngineFixture()
    world.recording = 'full'
    for (const tool of ['write_file', 'no_tool']) {
      const { uncounted, invocationId } = await call(tool)
      assert.deepEqual([uncounted, invocationId], [true, undefined])
    }
    world.recording = 'working'
    world.decision = undefined
    assert.equal((await call('read_file')).uncounted, true)
    assert.deepEqual(freed, [0, 1, 2])
  })

  test('is not called free where it could not be taken again', async () => {
    const { call, world, freed } = createEngineFixture()
    world.decision = undefined
    world.isTooFarBehind = true
    assert.equal((await call('read_file')).uncounted, undefined)
    assert.deepEqual(freed, [0])
  })

  test('is kept where its attempt is on record and its denial is not', async () => {
    const { call, world, log, freed } = createEngineFixture()
    world.whileWaiting = () => {
      world.recording = 'full'
      world.isRevoked = () => true
    }
    const { refusal, uncounted } = await call('send_mail')
    assert.deepEqual([refusal?.reason, uncounted], ['REVOKED', undefined])
    assert.deepEqual([namesOf(log), freed], [['InvocationAttempted'], []])
  })

  test('is kept, and on record, where the attempt of a refused call cannot be written', async () => {
    const world = createEngineFixture()
    world.world.bundle = { ...bundle, version: Number.MAX_SAFE_INTEGER }
    const { refusal, uncounted } = await world.call('format_disk')
    assert.deepEqual([refusal?.reason, uncounted], ['TOOL_NOT_GRANTED', undefined])
    assert.deepEqual([namesOf(world.log), recorded(world)], [['InvocationDenied'], [0]])
  })

  test('is the other call’s where the proof came again', async () => {
    const { engine, freed } = createEngineFixture()
    for (let turn = 0; turn < 20; turn += 1) {
      const { uncounted } = await engine.authorize(shownWith('PROOF_REPLAYED'), callOf('read_file'))
      assert.equal(uncounted, undefined)
    }
    assert.deepEqual(freed, [])
  })
})
