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
  const [long] = extractParameters({ n: { ['n'.repeat(39)]: { ['n'.repeat(39)]: 'v'.repeat(1_000_000) } } })
  assert.equal(long?.name.length, 64)
  assert.equal(long.value.length, 200)
})

test('a name that is data is given as a value and shows as a star', () => {
  const named = extractParameters({
    attendees: { 'Bob.Secret@corp.example': 'yes' },
    address_line_2: 'x',
    '4929123': 1,
  })
  assert.deepEqual(named, [
    { name: '*', value: '4929123' },
    { name: '*', value: '1' },
    { name: 'attendees.*', value: 'bob.secret@corp.example' },
    { name: 'attendees.*', value: 'yes' },
    { name: 'address_line_2', value: 'x' },
  ])
})
