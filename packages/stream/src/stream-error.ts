import { CordonError } from '@cordon/foundation'

export type StreamErrorCode =
  | 'POISON_RECORD'
  | 'SCHEMA_MISSING'
  | 'TRANSIENT_FAULT'
  | 'FENCED'
  | 'RECORD_TOO_LARGE'
  | 'TOPIC_MISMATCH'
  | 'TOPIC_UNKNOWN'
  | 'OFFSET_OUT_OF_RANGE'
  | 'BATCH_UNREADABLE'
  | 'STATE_UNREADABLE'
  | 'REFUSED'
  | 'CLOSED'

export class StreamError extends CordonError<StreamErrorCode> {}

/** This record can never be processed: it goes to the dead letters. */
export class PoisonRecord extends StreamError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('POISON_RECORD', message, options)
  }
}

/** The same call may succeed later: pause and retry. */
export class TransientFault extends StreamError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('TRANSIENT_FAULT', message, { ...options, retryable: true })
  }
}

/** A newer owner has the partition: drop the state and start the task again if membership is current. */
export class Fenced extends StreamError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('FENCED', message, options)
  }
}

/** A record names a schema that is not held locally; `RecordCodec.prepare` fetches it. */
export class SchemaMissing extends StreamError {
  readonly schemaId: number

  constructor(schemaId: number) {
    super('SCHEMA_MISSING', `schema ${schemaId}: expected to be held, got a record that names it first`, {
      retryable: true,
    })
    this.schemaId = schemaId
  }
}
