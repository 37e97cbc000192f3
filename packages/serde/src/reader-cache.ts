import { PoisonRecord, SchemaMissing } from '@cordon/stream'

import type { RecordReader } from './record-reader.ts'
import { createRecordReader } from './record-reader.ts'

// Ids that nobody has come from broken producers; their number must not grow without end.
const refusedLimit = 1_000

/** The writers' schemas that were met so far. */
export interface ReaderCache {
  /**
   * Synchronous: it stands on the hot path.
   * @throws SchemaMissing until `prepare` was called for the id, PoisonRecord where that did not help
   */
  get(schemaId: number): RecordReader
  /** Fetches a schema once, however many ask at the same time. */
  prepare(schemaId: number): Promise<void>
}

/**
 * @param fetchSchema resolves with nothing where no schema has the id
 * @param known schemas that need no fetching, by their ids
 */
export const createReaderCache = (
  fetchSchema: (schemaId: number) => Promise<string | undefined>,
  known: ReadonlyMap<number, string>,
): ReaderCache => {
  const readers = new Map<number, RecordReader>()
  const refused = new Map<number, PoisonRecord>()
  const fetching = new Map<number, Promise<void>>()
  for (const [schemaId, schema] of known) readers.set(schemaId, createRecordReader(schemaId, schema))

  const fetch = async (schemaId: number): Promise<void> => {
    try {
      const schema = await fetchSchema(schemaId)
      if (schema === undefined)
        throw new PoisonRecord(`schema ${schemaId}: expected one that the registry knows, got an unknown id`)
      readers.set(schemaId, createRecordReader(schemaId, schema))
    } catch (error) {
      if (!(error instanceof PoisonRecord)) throw error
      if (refused.size >= refusedLimit) refused.clear()
      refused.set(schemaId, error)
    } finally {
      fetching.delete(schemaId)
    }
  }

  return {
    get: schemaId => {
      const reader = readers.get(schemaId)
      if (reader !== undefined) return reader
      throw refused.get(schemaId) ?? new SchemaMissing(schemaId)
    },
    prepare: schemaId => {
      if (readers.has(schemaId) || refused.has(schemaId)) return Promise.resolve()
      const running = fetching.get(schemaId) ?? fetch(schemaId)
      fetching.set(schemaId, running)
      return running
    },
  }
}
