import assert from 'node:assert/strict'
import { test } from 'node:test'

import { rotationLines } from './rotation-lines.ts'

const keys = [
  {
    keyId: 'a',
    turn: 'former',
    signsFrom: '2026-11-30T10:00:00.000Z',
    publishedUntil: '2026-11-30T12:06:00.000Z',
  },
  {
    keyId: 'b',
    turn: 'signing',
    signsFrom: '2026-11-30T12:00:00.000Z',
    publishedUntil: '2026-11-30T12:11:30.000Z',
  },
  { keyId: 'c\u001B[2J', turn: 'next', signsFrom: '2026-11-30T12:05:30.123Z' },
] as const

test('says of each key when it signs and until when it is published', () =>
  assert.deepEqual(rotationLines({ isMade: true, keys }), [
    'A new key is made.',
    'KEY    SIGNS                      PUBLISHED UNTIL',
    'a      no more                    2026-11-30T12:06:00Z',
    'b      now                        2026-11-30T12:11:30Z',
    'c\uFFFD[2J  from 2026-11-30T12:05:30Z  it is replaced',
  ]))

test('says that none is made where one waits', () =>
  assert.equal(rotationLines({ isMade: false, keys })[0], 'None is made: one waits already.'))
