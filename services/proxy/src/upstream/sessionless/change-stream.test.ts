import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FakeTimers } from '../../session/session-fixture.ts'
import { fakeTimers } from '../../session/session-fixture.ts'
import { createChangeStream, toldLists } from './change-stream.ts'
import type { ChangeStream } from './change-stream.ts'

interface World {
  readonly changes: ChangeStream
  readonly timers: FakeTimers
  readonly said: readonly unknown[]
}

const open = (): World => {
  const timers = fakeTimers()
  const said: unknown[] = []
  let ids = 0
  const changes = createChangeStream({
    newId: () => `id-${(ids += 1)}`,
    listen: (id, filter) => said.push([id, filter]),
    leave: id => said.push(id),
    timers,
  })
  return { changes, timers, said }
}

test('a session is told of every list that the server tells of', () => {
  const { changes, said } = open()
  changes.start(toldLists({ tools: { listChanged: true }, prompts: {}, resources: { listChanged: true } }))
  assert.deepEqual(said, [['id-1', { toolsListChanged: true, resourcesListChanged: true }]])
})

test('nothing to tell is no stream', () => {
  const { changes, said } = open()
  changes.start(toldLists({ tools: {} }))
  changes.unsubscribe('demo://a')
  assert.deepEqual(said, [])
})

test('each resource that is subscribed to makes a new stream of the old one', () => {
  const { changes, said } = open()
  changes.start({})
  changes.subscribe('demo://a')
  changes.subscribe('demo://a')
  changes.subscribe('demo://b')
  changes.unsubscribe('demo://a')
  changes.unsubscribe('demo://b')
  assert.deepEqual(said, [
    ['id-1', { resourceSubscriptions: ['demo://a'] }],
    'id-1',
    ['id-2', { resourceSubscriptions: ['demo://a', 'demo://b'] }],
    'id-2',
    ['id-3', { resourceSubscriptions: ['demo://b'] }],
    'id-3',
  ])
})

test('a stream that the server ended is opened again, once', () => {
  const { changes, timers, said } = open()
  changes.start(toldLists({ tools: { listChanged: true } }))
  assert.equal(changes.lost('another'), false)
  assert.equal(changes.lost('id-1'), true)
  assert.equal(changes.lost('id-1'), false)
  timers.pass(5_000)
  assert.deepEqual(said, [
    ['id-1', { toolsListChanged: true }],
    ['id-2', { toolsListChanged: true }],
  ])
})

test('rejects a subscription to more resources than an agent may listen to', () => {
  const { changes, said } = open()
  changes.start({})
  for (let index = 0; index < 64; index += 1) assert.equal(changes.subscribe(`demo://${index}`), true)
  const before = said.length
  assert.equal(changes.subscribe('demo://64'), false)
  assert.equal(changes.subscribe(`demo://${'x'.repeat(2_048)}`), false)
  assert.equal(changes.subscribe(7), false)
  assert.equal(changes.subscribe('demo://0'), true)
  assert.equal(said.length, before)
})
