import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { encodeFrame, readFrame } from './frame.ts'
import type { SpoolRecord } from './frame.ts'

const anyRecord: fc.Arbitrary<SpoolRecord> = fc
  .record({
    partition: fc.nat(1023),
    key: fc.string({ maxLength: 60, unit: 'grapheme' }),
    value: fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
  })
  // Without the prototype that it takes away.
  .map(fields => ({ ...fields }))

const unwritten = Buffer.alloc(1024)

const readAll = (segment: Buffer): { readonly records: SpoolRecord[]; readonly ending: string } => {
  const records: SpoolRecord[] = []
  for (let at = 0; ;) {
    const read = readFrame(segment, at)
    if (read.kind !== 'record') return { records, ending: read.kind }
    records.push(read.record)
    at = read.end
  }
}

test('what was written is read, and then comes the end', () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 8 }), records => {
      const frames = records.map(encodeFrame)
      assert.deepEqual(readAll(Buffer.concat([...frames, unwritten])), { records, ending: 'end' })
      assert.deepEqual(readAll(Buffer.concat(frames)), { records, ending: 'end' })
    }),
  )
})

test('a last write that was cut short, at whatever byte, takes nothing else with it', () => {
  fc.assert(
    fc.property(anyRecord, anyRecord, (before, torn) => {
      const whole = encodeFrame(torn)
      for (let written = 0; written < whole.length; written += 1) {
        const segment = Buffer.concat([encodeFrame(before), whole.subarray(0, written), unwritten])
        const { records, ending } = readAll(segment)
        // Where all that is missing is zeros, nothing is missing.
        const isWhole = whole.subarray(written).every(byte => byte === 0)
        const isNothing = whole.subarray(0, written).every(byte => byte === 0)
        assert.equal(ending, isWhole || isNothing ? 'end' : 'torn')
        assert.deepEqual(records, isWhole ? [before, torn] : [before])
      }
    }),
    { numRuns: 30 },
  )
})

test('a byte that changed in the middle is noticed, and what stood before it is used', () => {
  fc.assert(
    fc.property(
      anyRecord,
      anyRecord,
      anyRecord,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (before, hit, after, at, change) => {
        const damaged = encodeFrame(hit)
        damaged[at % damaged.length]! ^= change
        const { records, ending } = readAll(
          Buffer.concat([encodeFrame(before), damaged, encodeFrame(after), unwritten]),
        )
        assert.deepEqual(records, [before])
        // A length that reaches beyond everything looks like a write that was cut short.
        assert.ok(ending === 'corrupt' || ending === 'torn')
      },
    ),
  )
})
