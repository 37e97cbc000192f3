import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import type { WireRequest } from './cluster-link.ts'

export interface ProducedBatch {
  /** On the wire, prefix included. */
  readonly topic: string
  readonly partition: number
  readonly batch: Buffer
}

export interface ProduceResult {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  readonly baseOffset: bigint
}

const apiVersion = 7
const allReplicas = -1
// The broker's own patience with its replicas, below the client's with the broker.
const replicationTimeoutMs = 8000

/** Produce v7: record batches, at most one per partition, to the broker that leads them all. */
export const produceRequest = (
  batches: readonly ProducedBatch[],
): WireRequest<{ readonly results: ProduceResult[] }> => {
  const bytes = batches.reduce((sum, { batch }) => sum + batch.length, 256)
  const body = new ByteWriter(bytes).string(null).int16(allReplicas).int32(replicationTimeoutMs)
  const topics = Map.groupBy(batches, ({ topic }) => topic)
  body.array([...topics], ([topic, partitions]) => {
    body.string(topic).array(partitions, ({ partition, batch }) => {
      body.int32(partition).bytes(batch)
    })
  })
  return { apiKey: 0, apiName: 'Produce', apiVersion, body: body.written, holdMs: 0, decode }
}

const decode = (payload: Buffer): { throttleMs: number; results: ProduceResult[] } => {
  const reader = new ByteReader(payload)
  const topics = reader.array(() => {
    const topic = reader.string()
    return reader.array(() => decodeResult(reader, topic))
  })
  return { results: topics.flat(), throttleMs: reader.int32() }
}

const decodeResult = (reader: ByteReader, topic: string): ProduceResult => {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const baseOffset = reader.int64()
  reader.skip(16) // log append time, log start offset
  return { topic, partition, errorCode, baseOffset }
}
