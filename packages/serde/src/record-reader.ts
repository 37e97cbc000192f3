import type { RecordName } from '@cordon/schemas'
import { PoisonRecord } from '@cordon/stream'
import type { Type } from 'avsc'

import { parseSchema } from './parse-schema.ts'
import { recordTypes } from './record-type.ts'

/** Avsc keeps this class to itself. */
type Resolver = ReturnType<Type['createResolver']>

/** How to read what one schema wrote. */
export interface RecordReader {
  readonly name: RecordName
  /** Our own schema of the record. */
  readonly type: Type
  /** From the writer's schema to ours; absent where they are the same. */
  readonly resolver?: Resolver
}

/**
 * Prepares to read records of a writer's schema as our schema of the same record.
 * @throws PoisonRecord where the schema describes no record of ours, or none that ours can read
 */
export const createRecordReader = (schemaId: number, schema: string): RecordReader => {
  const writer = parseWriter(schemaId, schema)
  const record = recordTypes.get(writer.name ?? '')
  if (record === undefined)
    throw new PoisonRecord(
      `schema ${schemaId}: expected one of Cordon's records, got ${writer.name ?? writer.typeName}`,
    )
  // Equal but for documentation and defaults: the bytes are the same.
  if (writer.equals(record.type)) return record
  try {
    return { ...record, resolver: record.type.createResolver(writer) }
  } catch (error) {
    throw new PoisonRecord(
      `schema ${schemaId}: expected a version that our ${record.name} can read, got one that it cannot`,
      { cause: error },
    )
  }
}

const parseWriter = (schemaId: number, schema: string): Type => {
  try {
    return parseSchema(schema)
  } catch (error) {
    throw new PoisonRecord(`schema ${schemaId}: expected an Avro schema, got something else`, {
      cause: error,
    })
  }
}
