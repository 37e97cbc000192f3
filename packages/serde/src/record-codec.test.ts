import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { RecordName, SessionDecision } from '@cordon/schemas'
import { PoisonRecord, SchemaMissing } from '@cordon/stream'
import fc from 'fast-check'

import { recordSamples, unsigned } from './record-samples.ts'
import { createLocalSerde } from './serde.ts'

const serde = createLocalSerde()

test('values come back as plain values', () => {
  const { InvocationAttempted, SessionDecision, OutboxEntry, Tick } = recordSamples
  assert.deepEqual(serde.decode(serde.encode('session-events', 'InvocationAttempted', InvocationAttempted)), {
    name: 'InvocationAttempted',
    value: InvocationAttempted,
  })
  assert.deepEqual(serde.decode(serde.encode('session-decisions', 'SessionDecision', SessionDecision)), {
    name: 'SessionDecision',
    value: SessionDecision,
  })
  assert.deepEqual(serde.decode(serde.encode('scorer-state', 'OutboxEntry', OutboxEntry)).value, OutboxEntry)
  assert.deepEqual(serde.decode(serde.encode('session-events', 'Tick', Tick)).value, Tick)
})

test('writes the Confluent wire format', () => {
  // Avro 1.12, "Binary Encoding": zigzag varints; 3 is 06, 1 is 02, an empty list 00.
  const record = serde.encode('session-events', 'Tick', { partition: 3, tickedAt: 1, baselines: [] })
  assert.equal(record[0], 0)
  assert.ok(record.readInt32BE(1) > 0)
  assert.deepEqual(record.subarray(5), Buffer.from([0x06, 0x02, 0x00]))
})

test('null stays null in a union', () => {
  const entry = { ...recordSamples.OutboxEntry, value: null }
  assert.deepEqual(serde.decode(serde.encode('scorer-state', 'OutboxEntry', entry)).value, entry)
})

test('records larger than the scratch buffer are written whole', () => {
  for (const size of [4_000, 4_090, 4_096, 70_000, 3_000_000]) {
    const state = {
      human: 'h',
      encoding: 1,
      state: Buffer.alloc(size, 5),
      draft: Buffer.alloc(0),
      ...unsigned,
    }
    assert.deepEqual(serde.decode(serde.encode('scorer-state', 'SessionState', state)).value, state)
  }
})

test('a record is not changed by the next one', () => {
  const first = serde.encode('session-events', 'Tick', { partition: 1, tickedAt: 1, baselines: [] })
  serde.encode('session-events', 'Tick', { partition: 2, tickedAt: 2, baselines: [] })
  assert.deepEqual(serde.decode(first).value, { partition: 1, tickedAt: 1, baselines: [] })
})

test('decoded bytes do not change with the buffer that they came from', () => {
  const record = serde.encode('scorer-state', 'SessionState', {
    human: 'h',
    encoding: 1,
    state: Buffer.from('state'),
    draft: Buffer.alloc(0),
    ...unsigned,
  })
  const decoded = serde.decode(record)
  record.fill(0)
  assert.deepEqual(decoded.value, {
    human: 'h',
    encoding: 1,
    state: Buffer.from('state'),
    draft: Buffer.alloc(0),
    ...unsigned,
  })
})

test('a value of another form is refused without repeating it', () => {
  const decision = { ...recordSamples.SessionDecision, standing: 'hunter2' } as unknown as SessionDecision
  assert.throws(
    () => serde.encode('session-decisions', 'SessionDecision', decision),
    (error: Error) => {
      assert.equal(error.message, 'cordon.SessionDecision: standing: expected enum, got string')
      return 'code' in error && error.code === 'VALUE_INVALID' && error.cause === undefined
    },
  )
})

test('a record that has no place in a topic cannot be written to it', () => {
  assert.throws(() => serde.encode('dead-letters', 'Tick', recordSamples.Tick), {
    code: 'SCHEMA_UNREGISTERED',
  })
})

test('rejects bytes of another form as poison', () => {
  for (const bytes of ['', '00', '00000000', '7b226122', '0100000001']) {
    assert.throws(() => serde.decode(Buffer.from(bytes, 'hex')), PoisonRecord)
  }
})

test('rejects a record cut short, and one with bytes behind its end', () => {
  const record = serde.encode('session-decisions', 'SessionDecision', recordSamples.SessionDecision)
  assert.throws(() => serde.decode(record.subarray(0, -1)), { code: 'POISON_RECORD' })
  assert.throws(() => serde.decode(Buffer.concat([record, Buffer.alloc(2)])), {
    code: 'POISON_RECORD',
    message: /expected what schema \d+ describes, got 2 bytes behind its end/,
  })
})

test('rejects an array that announces more items than there are bytes, at once', () => {
  const record = serde.encode('session-decisions', 'SessionDecision', {
    ...recordSamples.SessionDecision,
    contributions: [],
  })
  // The count of contributions: after the id, version, standing and two doubles comes a 0.
  const empty = record.lastIndexOf(Buffer.from([0, ...zigzag(1_790_000_000_456)]))
  const huge = Buffer.concat([
    record.subarray(0, empty),
    Buffer.from(zigzag(2 ** 40)),
    record.subarray(empty + 1),
  ])
  const start = performance.now()
  assert.throws(() => serde.decode(huge), PoisonRecord)
  assert.ok(performance.now() - start < 1_000)
})

test('whatever the bytes are, decoding ends with a record, poison or a missing schema', () => {
  const samples = [
    serde.encode('session-decisions', 'SessionDecision', recordSamples.SessionDecision),
    serde.encode('session-events', 'InvocationAttempted', recordSamples.InvocationAttempted),
  ]
  const header = fc.constantFrom(...samples.map(sample => sample.subarray(0, 5)), Buffer.alloc(5))
  const changed = fc
    .tuple(fc.constantFrom(...samples), fc.nat(), fc.uint8Array({ maxLength: 12 }))
    .map(([sample, at, bytes]) => {
      const place = at % sample.length
      return Buffer.concat([sample.subarray(0, place), bytes, sample.subarray(place + bytes.length)])
    })
  const random = fc.tuple(header, fc.uint8Array()).map(parts => Buffer.concat(parts))
  fc.assert(
    fc.property(fc.oneof(changed, random), bytes => {
      try {
        serde.decode(bytes)
      } catch (error) {
        assert.ok(error instanceof PoisonRecord || error instanceof SchemaMissing)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('an id that nobody knows is missing first, and poison once it was looked for', async () => {
  const stranger = Buffer.from([0, 0, 1, 0, 0, 2, 2])
  const missing = thrownBy(() => serde.decode(stranger))
  assert.ok(missing instanceof SchemaMissing)
  assert.equal(missing.schemaId, 65_536)
  await serde.prepare(missing)
  assert.throws(() => serde.decode(stranger), PoisonRecord)
})

test('prepare passes on what it cannot help with', async () => {
  const fault = new PoisonRecord('record: bad')
  await assert.rejects(serde.prepare(fault), fault)
})

test('names of records are those of the schemas', () => {
  const name: RecordName = serde.decode(serde.encode('session-events', 'Tick', recordSamples.Tick)).name
  assert.equal(name, 'Tick')
})

const thrownBy = (action: () => unknown): unknown => {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}

/** Avro's long: zigzag, seven bits a byte, lowest first. */
const zigzag = (value: number): number[] => {
  const bytes: number[] = []
  let rest = BigInt(value) * 2n
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return [...bytes, Number(rest)]
}
