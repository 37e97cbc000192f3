import { CordonError } from '@cordon/foundation'
import type { Records } from '@cordon/schemas'
import type { DecodedRecord, LogRecord, RecordCodec } from '@cordon/stream'
import { SchemaMissing } from '@cordon/stream'

import type { ReadStatement } from './identity-statements.ts'
import { revocationFactOf } from './revocation-fact.ts'
import { factOf, type LiveFact } from './session-fact.ts'

export interface RecordFeedOptions {
  readonly codec: RecordCodec
  /** What is said of the kill switch counts only where identity signed it. */
  readonly readStatement: ReadStatement
  readonly onFact: (fact: LiveFact) => void
  /** A record is none that can be read, and is left out. */
  readonly onSkipped: (reason: string) => void
  /** Statements that may wait for keys while others are read; at the limit reading waits, so that none is lost. */
  readonly waitingLimit?: number
}

const defaultWaitingLimit = 1000

/** @param isNew false of what stood there before the view began */
export type FeedRecord = (record: LogRecord, isNew: boolean) => Promise<void>

/**
 * Feeds records as facts: those that only a statement makes true once it is verified, others at once.
 * @param closing after which nothing is fed any more
 * @param onFailed a revocation could not be shown; those after it are. Of other facts whoever feeds the record learns it.
 */
export const openRecordFeed = (
  { codec, readStatement, onFact, onSkipped, waitingLimit = defaultWaitingLimit }: RecordFeedOptions,
  closing: AbortSignal,
  onFailed: (error: unknown) => void,
): FeedRecord => {
  let waiting = 0

  const skip = ({ topic, partition, offset }: LogRecord, { message }: CordonError): void =>
    onSkipped(`${topic} ${partition}@${offset}: ${message}`)

  const feedRevocation = async (
    record: LogRecord,
    isNew: boolean,
    { scope, statement }: Records['Revocation'],
  ): Promise<void> => {
    waiting += 1
    try {
      const verified = await readStatement(statement, closing)
      if (!closing.aborted) onFact(revocationFactOf(scope, isNew, verified))
    } catch (error) {
      if (closing.aborted) return
      if (error instanceof CordonError) skip(record, error)
      else onFailed(error)
    } finally {
      waiting -= 1
    }
  }

  return async (record, isNew) => {
    let fact: LiveFact | undefined
    try {
      const decoded = await decode(codec, record)
      if (decoded?.name === 'Revocation') {
        // Which of two statements counts is a matter of their versions, so one that waits for keys holds up no other.
        const fed = feedRevocation(record, isNew, decoded.value)
        return await (waiting < waitingLimit ? undefined : fed)
      }
      fact = factOf(decoded, record.timestamp)
    } catch (error) {
      if (!(error instanceof CordonError)) throw error
      skip(record, error)
    }
    if (fact !== undefined) onFact(fact)
  }
}

const decode = async (codec: RecordCodec, { value }: LogRecord): Promise<DecodedRecord | undefined> => {
  if (value === null) return undefined
  try {
    return codec.decode(value)
  } catch (error) {
    if (!(error instanceof SchemaMissing)) throw error
    await codec.prepare(error)
    return codec.decode(value)
  }
}
