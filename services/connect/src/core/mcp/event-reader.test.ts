import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { createEventReader } from './event-reader.ts'

const read = (...pieces: readonly string[]) => {
  const take = createEventReader()
  return pieces.flatMap(piece => [...take(piece)])
}

const rows: readonly (readonly [what: string, text: string, events: readonly object[]])[] = [
  ['one event', 'data: {"a":1}\n\n', [{ data: '{"a":1}' }]],
  ['lines of data', 'data: a\ndata:b\ndata:  c\n\n', [{ data: 'a\nb\n c' }]],
  ['id and retry', 'id: 7\nretry: 50\ndata: x\n\n', [{ data: 'x', id: '7', retry: 50 }]],
  ['an event that only moves the place', 'id: 8\ndata:\n\n', [{ data: '', id: '8' }]],
  ['comments and names', ': alive\nevent: message\ndata: x\n\n', [{ data: 'x' }]],
  ['nothing in what is not complete', 'data: x\n', []],
  ['no id with NUL, no retry that is no number', 'id: a\0b\nretry: soon\ndata: x\n\n', [{ data: 'x' }]],
  [
    'every kind of line end',
    'data: a\r\n\r\ndata: b\r\rdata: c\n\n',
    [{ data: 'a' }, { data: 'b' }, { data: 'c' }],
  ],
]

for (const [what, text, events] of rows) test(`reads ${what}`, () => assert.deepEqual(read(text), events))

test('it does not matter where a stream is cut', () => {
  const text = rows.map(([, stream]) => stream).join('\n')
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), cuts => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), text.length]
      const pieces = places.slice(1).map((end, index) => text.slice(places[index], end))
      assert.deepEqual(read(...pieces), read(text))
    }),
  )
})

test('an event larger than any message ends the reading', () => {
  const take = createEventReader()
  assert.throws(() => {
    for (let read = 0; read < 18; read += 1) take('x'.repeat(1024 * 1024))
  }, RangeError)
})
