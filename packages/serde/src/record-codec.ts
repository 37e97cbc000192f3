import type { RecordName, Records, TopicName } from '@cordon/schemas'
import type { DecodedRecord, RecordCodec } from '@cordon/stream'
import { PoisonRecord, SchemaMissing } from '@cordon/stream'

import type { ReaderCache } from './reader-cache.ts'
import type { RecordReader } from './record-reader.ts'
import { recordTypes } from './record-type.ts'
import { createRecordWriter } from './record-writer.ts'
import { SerdeError } from './serde-error.ts'
import type { Subject } from './subject.ts'
import { headerLength, readHeader } from './wire-format.ts'

/** The id of our schema of a subject; a subject without one cannot be written. */
export type SchemaIds = ReadonlyMap<Subject, number>

/**
 * Buffers in decoded values are copies: holding one does not hold the fetch that it came with, at most a slab of 4 KiB
 * that it shares with others.
 */
export const createRecordCodec = (readers: ReaderCache, ids: SchemaIds): RecordCodec => {
  const idsByTopic = new Map<TopicName, Map<RecordName, number>>()
  for (const [{ topic, record }, id] of ids) {
    const idsByRecord = idsByTopic.get(topic) ?? new Map<RecordName, number>()
    idsByTopic.set(topic, idsByRecord.set(record, id))
  }
  const write = createRecordWriter()

  return {
    decode: value => {
      const schemaId = readHeader(value)
      if (schemaId === undefined)
        throw new PoisonRecord(
          `record: expected 00 and a schema id first, got ${value.length} bytes of another form`,
        )
      return read(schemaId, readers.get(schemaId), value)
    },
    prepare: async missing => {
      if (!(missing instanceof SchemaMissing)) throw missing
      await readers.prepare(missing.schemaId)
    },
    encode: <Name extends RecordName>(topic: TopicName, name: Name, value: Records[Name]): Buffer => {
      const schemaId = idsByTopic.get(topic)?.get(name)
      if (schemaId === undefined) throw unwritable(topic, name)
      return write(schemaId, recordTypes.get(`cordon.${name}`)!.type, value)
    },
  }
}

const read = (schemaId: number, { name, type, resolver }: RecordReader, value: Buffer): DecodedRecord => {
  let decoded: { readonly value: unknown; readonly offset: number }
  try {
    decoded = type.decode(value, headerLength, resolver)
  } catch (error) {
    throw poison(schemaId, name, 'bytes that it does not describe', error)
  }
  if (decoded.offset < 0) throw poison(schemaId, name, 'too few bytes')
  if (decoded.offset !== value.length)
    throw poison(schemaId, name, `${value.length - decoded.offset} bytes behind its end`)
  return { name, value: decoded.value } as DecodedRecord
}

const poison = (schemaId: number, name: RecordName, got: string, cause?: unknown): PoisonRecord =>
  new PoisonRecord(`${name}: expected what schema ${schemaId} describes, got ${got}`, { cause })

const unwritable = (topic: TopicName, name: RecordName): SerdeError =>
  new SerdeError(
    'SCHEMA_UNREGISTERED',
    `${name} in ${topic}: expected a registered schema, got none (services that write must open their serde with register)`,
  )
