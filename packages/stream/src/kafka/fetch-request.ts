import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import type { WireRequest } from './cluster-link.ts'

export interface FetchQuery {
  /** On the wire, prefix included. */
  readonly topic: string
  readonly partitions: readonly { readonly partition: number; readonly offset: bigint }[]
  /** How long the broker may wait for the first byte. */
  readonly maxWaitMs: number
  readonly maxBytes: number
  readonly maxBytesPartition: number
}

export interface FetchedPartition {
  readonly partition: number
  readonly errorCode: number
  /** Next offset that readers may see. */
  readonly highWatermark: bigint
  readonly batches: Buffer
}

const apiVersion = 11
const consumer = -1
const minBytes = 1
const readUncommitted = 0
// Fetch sessions save bytes on hundreds of partitions and cost state on both sides; each request stands for itself.
const noSession = { id: 0, epoch: -1 }
const unknownEpoch = -1
const noLogStart = -1n
const emptyBytes = Buffer.alloc(0)

/** Fetch v11: any partitions of one topic from one broker. */
export const fetchRequest = (query: FetchQuery): WireRequest<{ readonly partitions: FetchedPartition[] }> => {
  const body = new ByteWriter()
    .int32(consumer)
    .int32(query.maxWaitMs)
    .int32(minBytes)
    .int32(query.maxBytes)
    .int8(readUncommitted)
    .int32(noSession.id)
    .int32(noSession.epoch)
  body.array([query.topic], topic => {
    body.string(topic).array(query.partitions, ({ partition, offset }) => {
      body.int32(partition).int32(unknownEpoch).int64(offset).int64(noLogStart).int32(query.maxBytesPartition)
    })
  })
  body.int32(0).string('') // forgotten topics, rack
  return { apiKey: 1, apiName: 'Fetch', apiVersion, body: body.written, holdMs: query.maxWaitMs, decode }
}

const decode = (payload: Buffer): { throttleMs: number; partitions: FetchedPartition[] } => {
  const reader = new ByteReader(payload)
  const throttleMs = reader.int32()
  const errorCode = reader.int16()
  reader.skip(4) // session id
  const topics = reader.array(() => {
    reader.string()
    return reader.array(() => decodePartition(reader))
  })
  const partitions = topics.flat()
  return { throttleMs, partitions: errorCode === 0 ? partitions : partitions.map(p => ({ ...p, errorCode })) }
}

const decodePartition = (reader: ByteReader): FetchedPartition => {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const highWatermark = reader.int64()
  reader.skip(16) // last stable offset, log start offset
  reader.array(() => reader.skip(16)) // aborted transactions
  reader.skip(4) // preferred read replica
  return { partition, errorCode, highWatermark, batches: reader.nullableBytes() ?? emptyBytes }
}
