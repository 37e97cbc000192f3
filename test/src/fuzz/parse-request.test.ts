import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fuzzUsage, parseFuzzRequest } from './parse-request.ts'

const known = ['record-codec', 'parse-bundle']

test('all targets, for a minute, unless asked otherwise', () => {
  assert.deepEqual(parseFuzzRequest([], known), { targets: known, seconds: 60, seed: 1 })
  assert.deepEqual(parseFuzzRequest(['parse-bundle', '--seconds', '5', '--seed', '7'], known), {
    targets: ['parse-bundle'],
    seconds: 5,
    seed: 7,
  })
})

test('help is no run', () => {
  assert.equal(parseFuzzRequest(['--help'], known), undefined)
  assert.match(fuzzUsage(known), /Targets: record-codec, parse-bundle\./)
})

for (const [args, said] of [
  [['nosuch'], 'expected one of record-codec, parse-bundle, got nosuch'],
  [['--seconds', 'x'], 'expected whole seconds from 1 to 999999 after --seconds, got x'],
  [['--seconds=-1'], 'expected whole seconds from 1 to 999999 after --seconds, got -1'],
  [['--seconds', '0'], 'expected whole seconds from 1 to 999999 after --seconds, got 0'],
  [['--seed', 'abc'], 'expected a whole number from 0 to 999999999 after --seed, got abc'],
  [['--nosuch'], "Unknown option '--nosuch'"],
] as const)
  test(`${args.join(' ')} is told in one line`, () => assert.equal(parseFuzzRequest(args, known), said))

test('a number below zero that looks like an option is told in one line', () => {
  const said = parseFuzzRequest(['--seconds', '-1'], known)
  assert.ok(
    typeof said === 'string' && said.includes('--seconds') && !said.includes('\n'),
    JSON.stringify(said),
  )
})
