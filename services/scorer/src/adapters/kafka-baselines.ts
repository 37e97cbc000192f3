import type { LogRecord, RecordCodec, StreamClient } from '@cordon/stream'
import { reservedKeyPrefix } from '@cordon/stream'

import type { BaselineLibrary } from '../core/baseline-library.ts'

export interface KafkaBaselinesOptions {
  readonly client: StreamClient
  readonly codec: RecordCodec
  readonly library: BaselineLibrary
  /** A record that is no baseline; it is passed over. */
  readonly onUnreadable: (problem: unknown) => void
}

const maxWaitMs = 500

/** Keeps the library as `agent-baselines` says; resolves when it has caught up. */
export const followBaselines = async (
  options: KafkaBaselinesOptions,
): Promise<{ readonly close: () => Promise<void>; readonly failed: Promise<never> }> => {
  const { client, library, onUnreadable } = options
  const table = await client.openTable({
    topic: 'agent-baselines',
    maxWaitMs,
    onRecord: record => {
      try {
        take(record, options)
      } catch (error) {
        onUnreadable(error)
      }
    },
  })
  await table.caughtUp
  library.complete()
  return { close: async () => await table.close(), failed: table.failed }
}

const take = ({ key, value }: LogRecord, { codec, library }: KafkaBaselinesOptions): void => {
  const name = String(key)
  if (name.startsWith(reservedKeyPrefix)) return
  if (value === null) {
    const [, subject = '', version = ''] = /^(.*)@(\d+)$/su.exec(name) ?? []
    library.drop({ subject, version: Number(version) })
    return
  }
  const record = codec.decode(value)
  if (record.name !== 'AgentBaseline' || name !== `${record.value.subject}@${record.value.version}`)
    throw new TypeError(`baseline: expected an AgentBaseline under its own key, got ${record.name}`)
  library.put(record.value)
}
