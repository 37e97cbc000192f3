import type { SessionId } from '@cordon/foundation'
import { partitionOfSession } from '@cordon/foundation'
import type { SecuritySignal } from '@cordon/schemas'
import type { Publisher, RecordCodec } from '@cordon/stream'

export interface SecuritySignalsOptions {
  readonly publisher: Publisher
  readonly codec: RecordCodec
  /** A signal did not go out. */
  readonly onLost: (error: unknown) => void
}

/** `security-signals`, beside the calls: nobody waits for one. */
export interface KafkaSecuritySignals {
  raise(sessionId: SessionId, signal: SecuritySignal): Promise<void>
  close(): Promise<void>
}

export const createKafkaSecuritySignals = ({
  publisher,
  codec,
  onLost,
}: SecuritySignalsOptions): KafkaSecuritySignals => ({
  async raise(sessionId, signal) {
    try {
      const value = codec.encode('security-signals', 'SecuritySignal', signal)
      const partition = partitionOfSession(sessionId)
      await publisher.publish([{ topic: 'security-signals', partition, key: sessionId, value }])
    } catch (error) {
      onLost(error)
    }
  },
  close: () => publisher.close(),
})
