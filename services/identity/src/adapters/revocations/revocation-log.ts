import { hash } from 'node:crypto'

import type { LogRecord, Publisher, RecordCodec, StreamClient } from '@cordon/stream'
import { StreamError } from '@cordon/stream'

/** Bounds idle polling only. */
const maxWaitMs = 250

/** The topic `revocations`, as identity writes it. */
export interface RevocationLog {
  /** What stands there, by scope: the last record of each. */
  readAll(): Promise<ReadonlyMap<string, string>>
  /** @returns whether it is on record for good */
  publish(revocation: { readonly scope: string; readonly statement: string }): Promise<boolean>
}

export const createRevocationLog = async (options: {
  readonly client: StreamClient
  readonly publisher: Publisher
  readonly codec: RecordCodec
  readonly onFault: (error: unknown) => void
}): Promise<RevocationLog> => {
  const { client, publisher, codec } = options
  const partitions = await client.admin.partitionCount('revocations')

  return {
    readAll: async () => {
      const found = new Map<string, Buffer>()
      const reader = await client.openTable({
        topic: 'revocations',
        maxWaitMs,
        onRecord: (record: LogRecord) => {
          const key = record.key?.toString() ?? ''
          if (record.value === null) found.delete(key)
          else found.set(key, record.value)
        },
      })
      await reader.caughtUp
      await reader.close()
      const statements = new Map<string, string>()
      for (const [scope, bytes] of found) {
        const statement = await decode(codec, bytes)
        if (statement !== undefined) statements.set(scope, statement)
      }
      return statements
    },
    publish: async value => {
      try {
        await publisher.publish([
          {
            topic: 'revocations',
            partition: hash('sha256', value.scope, 'buffer').readUInt32BE(0) % partitions,
            key: value.scope,
            value: codec.encode('revocations', 'Revocation', value),
          },
        ])
        return true
      } catch (error) {
        if (!(error instanceof StreamError)) throw error
        options.onFault(error)
        return false
      }
    },
  }
}

/** @returns `undefined` where it is no record of ours: then ours is written again */
const decode = async (codec: RecordCodec, bytes: Buffer): Promise<string | undefined> => {
  const attempt = (): string | undefined => {
    const decoded = codec.decode(bytes)
    return decoded.name === 'Revocation' ? decoded.value.statement : undefined
  }
  try {
    return attempt()
  } catch (error) {
    if (!(error instanceof StreamError) || error.code !== 'SCHEMA_MISSING') return undefined
    await codec.prepare(error)
    return attempt()
  }
}
