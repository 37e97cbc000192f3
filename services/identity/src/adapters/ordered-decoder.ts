import type { DecodedRecord, LogRecord, RecordCodec } from '@cordon/stream'
import { PoisonRecord, SchemaMissing, TransientFault } from '@cordon/stream'

/** How long to wait for a registry that cannot be reached before asking again. */
const retryMs = 250

export interface OrderedDecoderOptions {
  readonly codec: RecordCodec
  /** Called in the order of the records. @param decoded `undefined` for a tombstone */
  readonly onDecoded: (record: LogRecord, decoded: DecodedRecord | undefined) => void
  readonly onPoison: (fault: PoisonRecord) => void
}

/** Decodes records as they come; one that names an unknown schema holds back those behind it until the schema is there. */
export const createOrderedDecoder = ({
  codec,
  onDecoded,
  onPoison,
}: OrderedDecoderOptions): ((record: LogRecord) => void) => {
  const held: LogRecord[] = []

  /** @returns the missing schema where the record cannot be decoded yet */
  const decode = (record: LogRecord): SchemaMissing | undefined => {
    try {
      onDecoded(record, record.value === null ? undefined : codec.decode(record.value))
    } catch (error) {
      if (error instanceof SchemaMissing) return error
      if (!(error instanceof PoisonRecord)) throw error
      onPoison(error)
    }
    return undefined
  }

  const release = async (missing: SchemaMissing): Promise<void> => {
    let next: SchemaMissing | undefined = missing
    while (next !== undefined) {
      await fetchSchema(codec, next)
      next = undefined
      for (let record = held[0]; record !== undefined && next === undefined; record = held[0]) {
        next = decode(record)
        if (next === undefined) held.shift()
      }
    }
  }

  return record => {
    if (held.length > 0) {
      held.push(record)
      return
    }
    const missing = decode(record)
    if (missing === undefined) return
    held.push(record)
    void release(missing)
  }
}

const fetchSchema = async (codec: RecordCodec, missing: SchemaMissing): Promise<void> => {
  for (;;) {
    try {
      await codec.prepare(missing)
      return
    } catch (error) {
      if (!(error instanceof TransientFault)) throw error
      await new Promise(resolve => {
        setTimeout(resolve, retryMs)
      })
    }
  }
}
