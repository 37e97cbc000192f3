import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import type { SseEvent } from './sse-event.ts'
import { createSseReader } from './sse-reader.ts'
import { sseText } from './sse-text.ts'

const read = (chunks: readonly string[], maxCharacters = 1_000): SseEvent[] => {
  const events: SseEvent[] = []
  const reader = createSseReader(maxCharacters, event => events.push(event))
  for (const chunk of chunks) reader.push(chunk)
  return events
}

test('reads the examples of the standard (WHATWG HTML, §9.2.6)', () => {
  assert.deepEqual(read(['data: YHOO\ndata: +2\ndata: 10\n\n']), [{ data: 'YHOO\n+2\n10' }])
  assert.deepEqual(
    read([': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n']),
    [
      { data: 'first event', id: '1' },
      { data: 'second event', id: '' },
    ],
  )
  assert.deepEqual(read(['data\n\ndata\ndata\n\ndata:']), [{ data: '' }, { data: '\n' }])
})

test('an id with NUL and a retry that is no number are passed over (WHATWG HTML, §9.2.6)', () => {
  assert.deepEqual(read(['id: a\0b\nretry: soon\ndata: x\n\n']), [{ data: 'x' }])
  assert.deepEqual(read(['id: 7\nretry: 50\ndata: x\n\n']), [{ data: 'x', id: '7', retry: 50 }])
})

test('an event of an id alone, as a server moves the place to resume from', () => {
  assert.deepEqual(read(['id: 8\ndata:\n\n', 'id: 9\n\n']), [
    { data: '', id: '8' },
    { data: '', id: '9' },
  ])
})

test('carriage returns end lines too, wherever the stream is cut', () => {
  const event = [{ data: 'a', event: 'message' }, { data: 'b' }]
  for (const text of [
    'event: message\rdata: a\r\rdata: b\r\r',
    'event: message\r\ndata: a\r\n\r\ndata: b\r\n\r\n',
  ]) {
    for (let cut = 0; cut <= text.length; cut += 1) {
      assert.deepEqual(read([text.slice(0, cut), text.slice(cut)]), event)
    }
  }
})

test('however a stream is cut, its events are the same, and are what was written', () => {
  const fields = {
    data: fc.string({ unit: fc.constantFrom('a', ' ', ':', '{', '\n', 'é'), maxLength: 20 }),
    id: fc.constantFrom('1', 'x-2'),
    retry: fc.nat(99_999),
  }
  const event = fc.record(fields, { noNullPrototype: true })
  fc.assert(
    fc.property(fc.array(event), fc.array(fc.nat(200)), (events, cuts) => {
      const text = events.map(sseText).join('')
      const places = [0, ...cuts.filter(cut => cut <= text.length).sort((a, b) => a - b), text.length]
      const chunks = places.slice(1).map((end, index) => text.slice(places[index], end))
      assert.deepEqual(read(chunks, 10_000), events)
    }),
  )
})

test('a byte order mark is no part of the first field', () => {
  assert.deepEqual(read(['\u{feff}data: a\n\n']), [{ data: 'a' }])
})

test('an event beyond the limit throws, also without an end', () => {
  assert.throws(() => read([`data: ${'x'.repeat(2_000)}`]), RangeError)
  assert.throws(() => read(Array.from({ length: 50 }, () => `data: ${'x'.repeat(30)}\n`)), RangeError)
})

test('written events hold no line end that their reader would see', () => {
  assert.equal(sseText({ data: '{"a":\r1}', event: 'message' }), 'event: message\ndata: {"a": 1}\n\n')
})
