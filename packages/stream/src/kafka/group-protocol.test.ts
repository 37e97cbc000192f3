import assert from 'node:assert/strict'
import { test } from 'node:test'

import kafkajs from 'kafkajs'

import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './group-protocol.ts'

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol

test('a subscription is one to others too', () => {
  assert.deepEqual(MemberMetadata.decode(encodeSubscription('t', 4, [1, 2]))?.topics, ['t'])
})

test('a subscription tells what a member owned', () => {
  const bytes = encodeSubscription('t', 4, [1, 2])
  assert.deepEqual(decodeSubscription('m', bytes), { memberId: 'm', generation: 4, owned: [1, 2] })
})

test('a member that says nothing owned nothing', () => {
  const bytes = MemberMetadata.encode({ version: 0, topics: ['t'], userData: Buffer.alloc(0) })
  assert.deepEqual(decodeSubscription('m', bytes), { memberId: 'm', generation: -1, owned: [] })
})

test('an assignment is one to others too', () => {
  assert.deepEqual(MemberAssignment.decode(encodeAssignment('t', [3, 5]))?.assignment, { t: [3, 5] })
  const bytes = MemberAssignment.encode({ version: 0, assignment: { t: [0, 7] }, userData: Buffer.alloc(0) })
  assert.deepEqual(decodeAssignment(bytes), [0, 7])
})

test('no bytes are no partitions', () => {
  assert.deepEqual(decodeAssignment(Buffer.alloc(0)), [])
})
