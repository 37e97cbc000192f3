import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import {
  callOf,
  createEngineFixture,
  namesOf,
  saying,
  shownWith,
  type EngineFixture,
} from './engine-fixture.ts'

const reasonsOf = ({ log }: EngineFixture): unknown[] =>
  log.flatMap(({ value }) => ('reason' in value ? [value.reason] : []))

describe('refusals of which only so many are put on record', () => {
  test('of an agent that is stopped and calls once a second all are, however often its enforcement point looks', async () => {
    const world = createEngineFixture()
    world.world.isRevoked = () => true
    for (let second = 0; second < 50; second += 1) {
      for (let connection = 0; connection < 5; connection += 1)
        await world.engine.vouch({ token: 'valid', server: 'files' })
      await world.engine.admit(shownWith(String(second)), saying('tools/list'))
      await world.call('watch')
      world.world.now += 1000
    }
    assert.equal(namesOf(world.log).filter(name => name === 'InvocationDenied').length, 50)
  })

  test('requests that call nothing, by whoever has only the token, take no place of a call’s', async () => {
    const world = createEngineFixture()
    for (let turn = 0; turn < 50; turn += 1)
      await world.engine.admit(shownWith('PROOF_INVALID'), saying('tools/list'))
    await world.engine.authorize(shownWith('PROOF_INVALID'), callOf('read_file'))
    assert.deepEqual(reasonsOf(world), ['PROOF_INVALID'])
  })

  test('calls by whoever has only the token take no place of those of its agent', async () => {
    const world = createEngineFixture()
    for (let turn = 0; turn < 50; turn += 1)
      await world.engine.authorize(shownWith('PROOF_INVALID'), callOf('read_file'))
    world.world.isRevoked = () => true
    await world.call('watch')
    assert.deepEqual(reasonsOf(world).slice(9), ['PROOF_INVALID', 'REVOKED'])
  })

  test('calls by whoever has only the token take no place of replays, which are evidence', async () => {
    const world = createEngineFixture()
    for (let second = 0; second < 30; second += 1) {
      for (let junk = 0; junk < 10; junk += 1)
        await world.engine.authorize(shownWith(''), callOf('read_file'))
      await world.engine.authorize(shownWith('PROOF_REPLAYED'), callOf('read_file'))
      world.world.now += 1000
    }
    assert.equal(reasonsOf(world).filter(reason => reason === 'PROOF_REPLAYED').length, 30)
  })

  test('what became of an attempt that is on record is told in any case', async () => {
    const world = createEngineFixture()
    world.world.isRevoked = () => true
    for (let turn = 0; turn < 20; turn += 1) await world.call('watch')
    world.world.isRevoked = () => false
    world.world.whileWaiting = () => {
      world.world.isRevoked = () => true
    }
    await world.call('send_mail')
    assert.deepEqual(namesOf(world.log).slice(-2), ['InvocationAttempted', 'InvocationDenied'])
  })
})
