import type { DecodingQueueOptions } from '@cordon/serde'
import { createDecodingQueue } from '@cordon/serde'
import type { RecordCodec, StreamClient } from '@cordon/stream'
import { PoisonRecord } from '@cordon/stream'
import type { KeySet, RevocationStatement } from '@cordon/tokens'
import { verifyRevocation } from '@cordon/tokens'

import type { RevocationChange, RevocationTable } from '../core/revocation-table.ts'
import type { Revocations } from '../ports.ts'

/** Only bounds idle polling. */
const maxWaitMs = 1_000
/** Scopes whose statement waits for a key; a stranger who writes more gains nothing but a place in the count of forgeries. */
const maxWaiting = 1_000

export interface RevocationsOptions {
  readonly client: Pick<StreamClient, 'openTable'>
  readonly codec: RecordCodec
  /** Filled and kept up here. */
  readonly table: RevocationTable
  /** Who signs statements: identity. */
  readonly issuer: string
  readonly keys: () => KeySet
  readonly onChanged: (
    change: Exclude<RevocationChange, 'unchanged' | 'older'>,
    statement: RevocationStatement,
    isLive: boolean,
  ) => void
  /** Somebody else than identity wrote it, or wrote it again; it changed nothing. */
  readonly onRefused: (cause: 'forged' | 'replayed', scope: string, isLive: boolean) => void
  /** A statement names a key that is not held: there may be a newer set. */
  readonly onKeyMissing: () => void
  /** A record cannot be read, or does not belong where it stands. */
  readonly onFault: DecodingQueueOptions['onFault']
}

/** The whole of `revocations`, kept up. */
export interface KafkaRevocations extends Revocations {
  readonly caughtUp: Promise<void>
  /** The issuer has other keys than before: what none of the last ones had signed is looked at again. */
  keysChanged(): void
  /** Rejects when the table cannot be kept up any more. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

export const openKafkaRevocations = async (options: RevocationsOptions): Promise<KafkaRevocations> => {
  const { client, codec, table, issuer, keys, onFault } = options
  /** By scope, the latest; the oldest give way. */
  const waiting = new Map<string, string>()
  let isCaughtUp = false

  const wait = (scope: string, statement: string): void => {
    waiting.delete(scope)
    waiting.set(scope, statement)
    options.onKeyMissing()
    const [oldest] = waiting.keys()
    if (waiting.size <= maxWaiting || oldest === undefined) return
    waiting.delete(oldest)
    options.onRefused('forged', oldest, isCaughtUp)
  }

  const take = (scope: string, text: string): 'unknown-key' | undefined => {
    const statement = verifyRevocation(text, { issuer, keys: keys() })
    if (statement === 'unknown-key') return statement
    if (statement === 'forged' || statement.scope !== scope) {
      options.onRefused('forged', scope, isCaughtUp)
      return undefined
    }
    const change = table.apply(statement)
    if (change === 'older') options.onRefused('replayed', scope, isCaughtUp)
    else if (change !== 'unchanged') options.onChanged(change, statement, isCaughtUp)
    return undefined
  }

  const queue = createDecodingQueue({
    codec,
    onFault,
    onRecord(logRecord, decoded) {
      // A tombstone reinstates nobody: only a statement does.
      if (decoded === null || decoded === undefined) return
      const key = logRecord.key?.toString('utf8') ?? ''
      if (decoded.name !== 'Revocation' || decoded.value.scope !== key) return onFault(logRecord, misplaced)
      if (take(key, decoded.value.statement) === 'unknown-key') wait(key, decoded.value.statement)
    },
  })

  const reader = await client.openTable({
    topic: 'revocations',
    maxWaitMs,
    onRecord: record => queue.push(record),
  })

  const catchUp = async (): Promise<void> => {
    await reader.caughtUp
    isCaughtUp = true
  }

  return {
    revokedBy: (principal, tool) => table.revokedBy(principal, tool),
    caughtUp: catchUp(),
    keysChanged() {
      for (const [scope, statement] of waiting) {
        waiting.delete(scope)
        // The issuer's newest keys do not know it: nobody signed it who may.
        if (take(scope, statement) === 'unknown-key') options.onRefused('forged', scope, isCaughtUp)
      }
    },
    failed: reader.failed,
    async close() {
      queue.close()
      await reader.close()
    },
  }
}

const misplaced = new PoisonRecord('expected a revocation under its own scope, got another record')
