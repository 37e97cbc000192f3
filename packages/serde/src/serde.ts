import { recordSchemas } from '@cordon/schemas'
import type { RecordCodec } from '@cordon/stream'

import { openConfluentRegistry } from './confluent-registry.ts'
import { createReaderCache } from './reader-cache.ts'
import type { SchemaIds } from './record-codec.ts'
import { createRecordCodec } from './record-codec.ts'
import type { RegistryAccess, SchemaRegistry } from './schema-registry.ts'
import type { Subject } from './subject.ts'
import { allSubjects } from './subject.ts'

/** Cordon's records as bytes and back, by the schemas of a registry. */
export type Serde = RecordCodec

export interface SerdeOptions {
  readonly registry: RegistryAccess
  /** The prefix of the topics, and so of the subjects. */
  readonly topicPrefix: string
  /** Register our schemas where they are missing. A service that only reads leaves it to those that write. */
  readonly register: boolean
}

/**
 * Learns the ids of our schemas, registering them if told to.
 * Rejects with a `TransientFault` while the registry cannot be reached, with a `SerdeError` where it refuses.
 */
export const openSerde = ({ registry, topicPrefix, register }: SerdeOptions): Promise<Serde> =>
  serdeOn(openConfluentRegistry(registry), topicPrefix, register)

const serdeOn = async (registry: SchemaRegistry, topicPrefix: string, register: boolean): Promise<Serde> => {
  const idOf = async ({ name, record }: Subject): Promise<number | undefined> => {
    const schema = recordSchemas[record]
    return (await registry.lookUp(name, schema)) ?? (register ? registry.register(name, schema) : undefined)
  }
  const subjects = allSubjects(topicPrefix)
  const found = await Promise.all(subjects.map(async subject => [subject, await idOf(subject)] as const))
  const ids = new Map(found.filter((entry): entry is [Subject, number] => entry[1] !== undefined))
  return createRecordCodec(
    createReaderCache(id => registry.fetch(id), schemasOf(ids)),
    ids,
  )
}

/** A serde with ids of its own, for tests and drivers without a registry. Reads what any other local serde wrote. */
export const createLocalSerde = (): Serde => {
  const ids = new Map(allSubjects('').map((subject, index) => [subject, index + 1]))
  return createRecordCodec(
    createReaderCache(() => Promise.resolve(undefined), schemasOf(ids)),
    ids,
  )
}

const schemasOf = (ids: SchemaIds): Map<number, string> =>
  new Map([...ids].map(([{ record }, id]) => [id, recordSchemas[record]]))
