import assert from 'node:assert/strict'
import { test } from 'node:test'

import { digestOf, isStop, mayBeRepeated, mayBeSaid, type Proven, type ProvenKind } from './own-messages.ts'

const accept = { action: 'accept' }

type Said = readonly [ProvenKind, object]

/** @param contents what the agent proved */
const provenBy = (...contents: readonly Said[]): Proven => {
  const held = new Set(contents.map(([kind, content]) => `${kind} ${digestOf(content)}`))
  return {
    has: (kind, digest) => held.has(`${kind} ${digest}`),
    take: (kind, digest) => held.delete(`${kind} ${digest}`),
  }
}

test('what begins and ends a connection is said without the agent, and nothing that it would have to mean', () => {
  for (const method of ['GET', 'DELETE', 'server/discover', 'initialize', 'tools/list'])
    assert.equal(mayBeSaid({ method }, provenBy()), true, method)
  for (const method of ['tools/call', 'completion/complete', 'logging/setLevel', 'tasks/cancel', 'ping'])
    assert.equal(mayBeSaid({ method }, provenBy(['answer', {}])), false, method)
})

test('an error and the answer to a ping are said without the agent, any other answer is its own', () => {
  const said = (content: object, ...proven: readonly Said[]) =>
    mayBeSaid(
      {
        method: 'answer',
        content: content as Readonly<Record<string, unknown>>,
        saidAs: { inputResponse: { name: 'q', requestState: 's' } },
      },
      provenBy(...proven),
    )
  assert.equal(said({ id: 1, error: { code: -32_601, message: 'unknown' } }), true)
  assert.equal(said({ id: 1, result: {} }), true)
  assert.equal(said({ id: 1, result: {}, also: 'said' }), false)
  assert.equal(said({ id: 1, error: {}, result: {} }), false)
  const rest = { inputResponses: { q: accept }, requestState: 's' }
  assert.equal(said({ id: 1, result: accept }, ['rest', rest]), true)
  assert.equal(said({ id: 1, result: accept }), false)
  assert.equal(said({ id: 1, result: accept }, ['answer', rest]), false)
  assert.equal(said({ id: 1, result: accept }, ['rest', { ...rest, requestState: 'other' }]), false)
  assert.equal(said({ id: 1, result: { action: '\ud800' } }), false)
})

test('a resource is subscribed to where the agent listens to it, and the other way round', () => {
  const listening = { notifications: { resourceSubscriptions: ['a:1', 'a:2'] } }
  const subscribed = (content: Readonly<Record<string, unknown>>, proven: Proven) =>
    mayBeSaid({ method: 'resources/subscribe', content, saidAs: { listening } }, proven)
  const listens = provenBy(['subscriptions/listen', listening])
  assert.equal(subscribed({ uri: 'a:1' }, listens), true)
  assert.equal(subscribed({ uri: 'a:2' }, listens), true)
  assert.equal(subscribed({ uri: 'a:3' }, listens), false)
  assert.equal(subscribed({ uri: 'a:1', also: 'a:3' }, listens), false)
  assert.equal(subscribed({ uri: 'a:1' }, provenBy(['resources/subscribe', listening])), false)
  assert.equal(mayBeSaid({ method: 'resources/subscribe', content: { uri: 'a:1' } }, listens), false)

  const heard = (proven: Proven) => mayBeSaid({ method: 'subscriptions/listen', content: listening }, proven)
  const first = ['resources/subscribe', { uri: 'a:1' }] as const
  assert.equal(heard(provenBy(first)), false)
  assert.equal(heard(provenBy(first, ['resources/subscribe', { uri: 'a:2' }])), true)
  const lists = { notifications: { toolsListChanged: true } }
  assert.equal(mayBeSaid({ method: 'subscriptions/listen', content: lists }, provenBy()), true)
  for (const content of [
    {},
    { ...lists, also: 'said' },
    { notifications: { toolsListChanged: 'said' } },
    { notifications: { also: true } },
    { notifications: { resourceSubscriptions: { said: true } } },
  ])
    assert.equal(mayBeSaid({ method: 'subscriptions/listen', content }, provenBy()), false)
})

test('a call is made again with all that the agent answered and nothing else', () => {
  const content = { inputResponses: { a: accept, b: { action: 'decline' } }, requestState: 's' }
  const saidAs = { answerIds: { a: 'q-1', b: 'q-2' } }
  const first = ['answer', { id: 'q-1', result: accept }] as const
  const second = ['answer', { id: 'q-2', result: { action: 'decline' } }] as const
  assert.equal(mayBeRepeated(content, undefined, saidAs, provenBy(first, second)), true)
  assert.equal(mayBeRepeated(content, undefined, saidAs, provenBy(first)), false)
  assert.equal(mayBeRepeated(content, undefined, {}, provenBy(first, second)), false)
  const sameAnswer = { inputResponses: { a: accept, b: accept } }
  const sameId = { answerIds: { a: 'q-1', b: 'q-1' } }
  assert.equal(mayBeRepeated(sameAnswer, undefined, sameId, provenBy(first)), false, 'one answer for two')
  assert.equal(mayBeRepeated({ requestState: 's' }, undefined, saidAs, provenBy(first)), false)
  assert.equal(mayBeRepeated({ inputResponses: {} }, undefined, saidAs, provenBy(first)), false)
})

test('a call that is made again says the same beside its answers as before', () => {
  const task = { task: { ttl: 1 } }
  const content = { ...task, inputResponses: { a: accept } }
  const saidAs = { answerIds: { a: 1 } }
  const proven = () => provenBy(['answer', { id: 1, result: accept }])
  assert.equal(mayBeRepeated(content, digestOf(task), saidAs, proven()), true)
  assert.equal(mayBeRepeated(content, undefined, saidAs, proven()), false)
  assert.equal(mayBeRepeated({ inputResponses: { a: accept } }, digestOf(task), saidAs, proven()), false)
})

test('what only stops what a session began is the end of its connection, of a request, and of a task that a call of it became', () => {
  for (const method of ['DELETE', 'notifications/cancelled'])
    assert.equal(isStop({ method, content: { requestId: 1 } }, false), true)
  for (const method of ['GET', 'tools/list', 'initialize', 'answer', 'tasks/result', 'tools/call'])
    assert.equal(isStop({ method, content: { taskId: 't' } }, true), false, method)
  const cancels = (content: Readonly<Record<string, unknown>>, isOfTask = true) =>
    isStop({ method: 'tasks/cancel', content }, isOfTask)
  assert.equal(cancels({ taskId: 't' }), true)
  assert.equal(cancels({ taskId: 't' }, false), false)
  assert.equal(cancels({ taskId: 't', also: 'said' }), false)
  assert.equal(cancels({ taskId: { said: true } }), false)
})
