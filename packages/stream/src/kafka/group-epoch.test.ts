import assert from 'node:assert/strict'
import { test } from 'node:test'

import { GroupEpoch } from './group-epoch.ts'
import type { EpochMember } from './group-epoch.ts'

const given = (changes: Partial<EpochMember> = {}) => {
  let now = 0
  const member = {
    sessionTimeoutMs: 6000,
    confirmedAt: 0,
    generation: 3 as number | undefined,
    confirm: async () => true,
    ...changes,
  }
  return { member, epoch: new GroupEpoch('m', 3, member, () => now), advance: (ms: number) => (now += ms) }
}

test('is current while heartbeats are answered', () => {
  const { epoch, member, advance } = given()
  advance(5999)
  assert.equal(epoch.isCurrent(), true)
  member.confirmedAt = 5900
  advance(5000)
  assert.equal(epoch.isCurrent(), true)
})

test('is not current when the process stood still for the session time-out', () => {
  const { epoch, advance } = given()
  advance(6000)
  assert.equal(epoch.isCurrent(), false)
})

test('is not current between two generations nor in the next one', () => {
  const { epoch, member } = given()
  member.generation = undefined
  assert.equal(epoch.isCurrent(), false)
  member.generation = 4
  assert.equal(epoch.isCurrent(), false)
})

test('is confirmed by the coordinator only', async () => {
  assert.equal(await given().epoch.confirm(), true)
  assert.equal(await given({ confirm: async () => false }).epoch.confirm(), false)
})

test('is not confirmed by an answer that came too late', async () => {
  const { epoch, member } = given()
  member.confirm = async () => {
    member.generation = 4
    return true
  }
  assert.equal(await epoch.confirm(), false)
})

test('does not ask the coordinator for what it knows', async () => {
  const { epoch, advance } = given({
    confirm: async () => {
      throw new Error('asked')
    },
  })
  advance(7000)
  assert.equal(await epoch.confirm(), false)
})
