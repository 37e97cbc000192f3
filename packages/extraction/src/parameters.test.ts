import assert from 'node:assert/strict'
import { test } from 'node:test'

import { extractParameters } from './parameters.ts'

test('names every value by where it stands', () => {
  assert.deepEqual(
    extractParameters({ file_id: '13', to: ['A@x.org', 'b@x.org'], range: { from: 1, to: 2 } }),
    [
      { name: 'file_id', value: '13' },
      { name: 'to[]', value: 'a@x.org' },
      { name: 'to[]', value: 'b@x.org' },
      { name: 'range.from', value: '1' },
      { name: 'range.to', value: '2' },
    ],
  )
})

test('compares spellings as one, and leaves out what says nothing', () => {
  assert.deepEqual(
    extractParameters({ name: '  Ｆred ', dry: true, note: '', none: null, again: ['x', 'X'] }),
    [
      { name: 'name', value: 'fred' },
      { name: 'again[]', value: 'x' },
    ],
  )
})

test('is bounded in number, depth and length', () => {
  assert.equal(extractParameters({ list: Array.from({ length: 1000 }, (_, item) => item) }).length, 16)
  let deep: unknown = 'x'
  for (let level = 0; level < 5000; level += 1) deep = { deep }
  assert.deepEqual(extractParameters({ deep }), [])
  const [long] = extractParameters({ ['n'.repeat(100)]: 'v'.repeat(1_000_000) })
  assert.equal(long?.name.length, 64)
  assert.equal(long.value.length, 200)
})
