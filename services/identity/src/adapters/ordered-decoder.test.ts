import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { test } from 'node:test'

import type { LogRecord, RecordCodec } from '@cordon/stream'
import { PoisonRecord, SchemaMissing, TransientFault } from '@cordon/stream'

import { createOrderedDecoder } from './ordered-decoder.ts'

const record = (offset: number, value: string | null): LogRecord => ({
  topic: 'session-decisions',
  partition: 0,
  offset: BigInt(offset),
  timestamp: 0,
  key: Buffer.from('k'),
  value: value === null ? null : Buffer.from(value),
})

/** Knows `known` at once and `new` after it was prepared; the first try to prepare fails. */
const createCodec = (): RecordCodec => {
  let tries = 0
  return {
    decode: value => {
      const text = value.toString()
      if (text === 'poison') throw new PoisonRecord('poison')
      if (text === 'new' && tries < 2) throw new SchemaMissing(7)
      return { name: 'Tick', value: { partition: 0, tickedAt: 0 } }
    },
    prepare: () => {
      tries += 1
      return tries < 2 ? Promise.reject(new TransientFault('registry away')) : Promise.resolve()
    },
    encode: () => Buffer.alloc(0),
  }
}

test('keeps the order over a schema that has to be fetched, twice', async () => {
  const seen: string[] = []
  const decode = createOrderedDecoder({
    codec: createCodec(),
    onDecoded: ({ offset }, decoded) => seen.push(`${offset} ${decoded === undefined ? 'gone' : 'decoded'}`),
    onPoison: () => seen.push('poison'),
  })
  decode(record(0, 'known'))
  decode(record(1, 'new'))
  decode(record(2, null))
  decode(record(3, 'poison'))
  assert.deepEqual(seen, ['0 decoded'])
  while (seen.length < 4) await setImmediate()
  decode(record(4, 'new'))
  assert.deepEqual(seen, ['0 decoded', '1 decoded', '2 gone', 'poison', '4 decoded'])
})
