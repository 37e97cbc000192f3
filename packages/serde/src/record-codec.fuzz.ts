import type { RecordName } from '@cordon/schemas'
import { PoisonRecord, SchemaMissing } from '@cordon/stream'

import { recordSamples } from './record-samples.ts'
import { createLocalSerde } from './serde.ts'
import { allSubjects } from './subject.ts'

const serde = createLocalSerde()

export const seeds: readonly Buffer[] = allSubjects('').flatMap(({ topic, record }) =>
  record in recordSamples ? [serde.encode(topic, record, sampleOf(record))] : [],
)

function sampleOf(record: RecordName): never {
  return recordSamples[record as keyof typeof recordSamples] as never
}

/** A record, or the error that sends it to the dead letters, or the one that asks for its schema. */
export const run = (bytes: Buffer): void => {
  try {
    serde.decode(bytes)
  } catch (error) {
    if (!(error instanceof PoisonRecord || error instanceof SchemaMissing)) throw error
  }
}
