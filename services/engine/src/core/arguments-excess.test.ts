import assert from 'node:assert/strict'
import { test } from 'node:test'

import { argumentsExcess } from './arguments-excess.ts'

const bounds = { levels: 3, items: 5, characters: 10 }

test('names the bound that arguments go beyond', () => {
  for (const [args, excess] of [
    [{ a: [{ b: 1 }] }, undefined],
    [{ a: [{ b: [] }] }, 'levels'],
    [{ a: [1, 2], b: [3] }, undefined],
    [{ a: [1, 2], b: [3, 4] }, 'items'],
    [{ abcde: 'fghij' }, undefined],
    [{ abcde: 'fghijk' }, 'characters'],
    [{ abcdefghijk: 1 }, 'characters'],
    [{ a: ['bcdef', 'ghijkl'] }, 'characters'],
    [null, undefined],
  ] as const)
    assert.equal(argumentsExcess(args, bounds), excess, JSON.stringify(args))
})

test('looks at no more than it allows', () => {
  let read = 0
  const member = {
    get value() {
      read += 1
      return 1
    },
  }
  const members = Array.from({ length: 1_000_000 }, () => member)
  assert.equal(argumentsExcess({ members }, { ...bounds, items: 1_000 }), 'items')
  assert.equal(read, 0)
})
