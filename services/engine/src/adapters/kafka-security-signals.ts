import { isSessionId, partitionOfSession } from '@cordon/foundation'
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
  /** Of a signal about no session its key is what it is about. */
  raise(signal: SecuritySignal, key?: string): Promise<void>
  close(): Promise<void>
}

export const createKafkaSecuritySignals = ({
  publisher,
  codec,
  onLost,
}: SecuritySignalsOptions): KafkaSecuritySignals => ({
  async raise(signal, key = signal.sessionId) {
    try {
      const value = codec.encode('security-signals', 'SecuritySignal', signal)
      const { sessionId } = signal
      const partition = isSessionId(sessionId) ? partitionOfSession(sessionId) : 0
      await publisher.publish([{ topic: 'security-signals', partition, key, value }])
    } catch (error) {
      onLost(error)
    }
  },
  close: () => publisher.close(),
})
