import type { DecodedRecord, LogRecord, RecordCodec } from '@cordon/stream'
import { PoisonRecord, SchemaMissing, TransientFault } from '@cordon/stream'

const retryMs = 250

/** Records of some 500 bytes: 50 MB. A registry that is reached answers long before so many have come. */
const defaultMaxWaiting = 100_000

export interface DecodingQueueOptions {
  readonly codec: RecordCodec
  /** In order per partition; tombstones as `null`, what can never be read as `undefined`. */
  readonly onRecord: (record: LogRecord, decoded: DecodedRecord | null | undefined) => void
  /** A record of this topic cannot be read, now (`TransientFault`) or ever. */
  readonly onFault: (record: LogRecord, error: unknown) => void
  /** Records that may wait for a schema, over all partitions: then the oldest of the partition counts as unreadable. */
  readonly maxWaiting?: number
}

/**
 * Decodes records in their order. One that names a schema which is not held yet keeps its partition waiting until the
 * registry gave it; what a waiting partition would have said shows as staleness meanwhile.
 */
export interface DecodingQueue {
  push(record: LogRecord): void
  /** Whether a partition waits for a schema. */
  readonly isWaiting: boolean
  close(): void
}

export const createDecodingQueue = ({
  codec,
  onRecord,
  onFault,
  maxWaiting = defaultMaxWaiting,
}: DecodingQueueOptions): DecodingQueue => {
  const backlogs = new Map<number, LogRecord[]>()
  let waiting = 0
  let closed = false

  const unreadable = (record: LogRecord, error: unknown): void => {
    onFault(record, error)
    onRecord(record, undefined)
  }

  /** False where the registry does not know the schema either. */
  const prepare = async (record: LogRecord, missing: SchemaMissing): Promise<boolean> => {
    while (!isClosed()) {
      try {
        await codec.prepare(missing)
        return true
      } catch (error) {
        onFault(record, error)
        if (!(error instanceof TransientFault)) return false
        await new Promise(resolve => setTimeout(resolve, retryMs))
      }
    }
    return false
  }

  const resume = async (first: LogRecord, missing: SchemaMissing): Promise<void> => {
    const isPrepared = await prepare(first, missing)
    const backlog = backlogs.get(first.partition) ?? []
    backlogs.delete(first.partition)
    waiting -= backlog.length
    if (isClosed()) return
    // It may have been given up already, to make place for others.
    if (!isPrepared && backlog[0] === first) {
      backlog.shift()
      onRecord(first, undefined)
    }
    for (const record of backlog) push(record)
  }

  const wait = (record: LogRecord, backlog: LogRecord[]): void => {
    backlog.push(record)
    waiting += 1
    if (waiting <= maxWaiting) return
    waiting -= 1
    const oldest = backlog.shift()
    if (oldest !== undefined) unreadable(oldest, tooLate(maxWaiting))
  }

  const push = (record: LogRecord): void => {
    const backlog = backlogs.get(record.partition)
    if (backlog !== undefined) return wait(record, backlog)
    if (record.value === null) return onRecord(record, null)
    let decoded: DecodedRecord
    try {
      decoded = codec.decode(record.value)
    } catch (error) {
      if (!(error instanceof SchemaMissing)) return unreadable(record, error)
      const started: LogRecord[] = []
      backlogs.set(record.partition, started)
      wait(record, started)
      void resume(record, error)
      return
    }
    onRecord(record, decoded)
  }

  const isClosed = (): boolean => closed

  return {
    push,
    get isWaiting() {
      return backlogs.size > 0
    },
    close() {
      closed = true
    },
  }
}

const tooLate = (maxWaiting: number): PoisonRecord =>
  new PoisonRecord(`schema: expected before ${maxWaiting} records wait for one, got none`)
