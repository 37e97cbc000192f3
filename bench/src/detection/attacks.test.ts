import assert from 'node:assert/strict'
import { test } from 'node:test'

import { attacked, attacks, type Attack } from './attacks.ts'
import { visibleLine, type RecordedCall, type RecordedSession } from './recorded-sessions.ts'

const call = (tool: string, injected = false): RecordedCall => ({
  tool,
  args: {},
  step: 0,
  result: 'text',
  result_chars: 4,
  error: false,
  injected,
})

const session = (sid: string, calls: readonly RecordedCall[], first: number | null): RecordedSession => ({
  sid,
  suite: 'desk',
  task: 't',
  prompt: null,
  injection_task: first === null ? null : 'goal',
  class: first === null ? 'benign' : 'hijacked',
  first_injected: first,
  duration_s: 8,
  p1: 'test',
  p2: 'test',
  calls,
})

const benign = [
  session('b1', [call('list'), call('read'), call('send')], null),
  session('b2', [call('list'), call('read'), call('send')], null),
  session('b3', [call('find'), call('send')], null),
]
const hijacked = [
  session('h1', [call('read'), call('send', true), call('list')], 1),
  session('h2', [call('read'), call('find', true), call('send', true)], 1),
]

const run = (name: string) => {
  const attack = attacks.find(each => each.name.startsWith(name)) as Attack
  const { learn, test } = attacked(attack, benign, hijacked)
  return { learn, test, tools: test.map(({ calls }) => calls.map(({ tool }) => tool).join(' ')) }
}

test('plain changes nothing but the numbers of steps', () => {
  assert.deepEqual(run('plain').tools, ['read send list', 'read find send'])
  assert.deepEqual(
    run('plain').test[0]?.calls.map(({ step }) => step),
    [0, 1, 2],
  )
})

test('padding stands before the first injected call, and the same each time', () => {
  const { test: padded } = run('padding: 10')
  assert.deepEqual(
    padded.map(({ first_injected, calls }) => [first_injected, calls.length, calls[11]?.injected]),
    [
      [11, 13, true],
      [11, 13, true],
    ],
  )
  assert.deepEqual(run('padding: 10').tools, run('padding: 10').tools)
})

test('mimicry makes the calls that most often come before the tool', () => {
  assert.deepEqual(run('mimicry').tools[0], 'read list read send list')
})

test('splitting gives each injected call a session of its own, with the read that told it', () => {
  assert.deepEqual(run('splitting').tools, ['read send', 'read find', 'read send'])
})

test('the injected call first has nothing before it', () => {
  assert.deepEqual(run('the injected call first').tools, ['send list', 'find send'])
})

test('a slow boil adds to what is learned, once for each goal', () => {
  assert.equal(run('slow boil: its result in 1').learn.length, 4)
  assert.deepEqual(
    run('slow boil: its result in 1').learn[3]?.calls.map(({ tool }) => tool),
    ['read'],
  )
  assert.equal(run('slow boil: its call in 5').learn.length, 5)
})

test('a scorer sees nothing of the outcome', () => {
  const seen = JSON.parse(visibleLine(hijacked[0]!)) as { calls: object[] }
  assert.deepEqual(Object.keys(seen), ['sid', 'suite', 'calls'])
  assert.deepEqual(Object.keys(seen.calls[0]!), ['tool', 'args', 'step', 'result', 'result_chars', 'error'])
})
