import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseSessionId } from '@cordon/foundation'

import { principal } from '../session-fixture.ts'
import { createProvenContents } from './proven-contents.ts'

test('what was proved is known as what it was, at its server and of its session alone', () => {
  const contents = createProvenContents()
  contents.add(principal, 'answer', 'a')
  assert.equal(contents.has(principal, 'answer', 'a'), true)
  assert.equal(contents.has(principal, 'rest', 'a'), false)
  assert.equal(contents.has({ ...principal, server: 'mail' }, 'answer', 'a'), false)
  const sessionId = parseSessionId('3.0197b1a0-0000-7000-8000-000000000002')
  assert.equal(contents.has({ ...principal, sessionId }, 'answer', 'a'), false)
  assert.deepEqual(
    [1, 2].map(() => contents.take(principal, 'answer', 'a')),
    [true, false],
  )
})

test('of a session that proves more than can be open the oldest go first', () => {
  const contents = createProvenContents()
  for (let number = 0; number < 129; number += 1) contents.add(principal, 'answer', String(number))
  const held = ['0', '1', '128'].map(digest => contents.has(principal, 'answer', digest))
  assert.deepEqual(held, [false, true, true])
})

test('what was proved before a moment is not taken as proved since, unless it is proved anew', () => {
  const contents = createProvenContents()
  contents.add(principal, 'answer', 'a')
  const then = contents.proved
  assert.equal(contents.take(principal, 'answer', 'a', then), false)
  assert.equal(contents.has(principal, 'answer', 'a'), true, 'it stays for what was open before')
  contents.add(principal, 'answer', 'a')
  assert.equal(contents.take(principal, 'answer', 'a', then), true)
})
