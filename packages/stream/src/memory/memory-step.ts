import type { TopicName } from '@cordon/schemas'

/** What a client does with its cluster. */
export type MemoryOperation =
  'publish' | 'commit' | 'emit' | 'claim' | 'fetch' | 'look up' | 'join' | 'assign' | 'revoke'

export interface MemoryAct {
  readonly operation: MemoryOperation
  readonly topic?: TopicName
  readonly partition?: number
}

/**
 * One half of an exchange between a client and the cluster. Between any two of them anything may happen: the client
 * may crash, the request may have taken effect without anybody hearing of it.
 */
export interface MemoryStep extends MemoryAct {
  readonly client: string
  /** `request`: takes effect in the cluster. `answer`: the client hears of it. */
  readonly phase: 'request' | 'answer'
  run(): void
}

/** Runs each step once and later, those of one client in the order in which they came. */
export type MemoryTransport = (step: MemoryStep) => void

/** As fast as the event loop goes. */
export const immediateTransport: MemoryTransport = step => {
  setImmediate(() => step.run())
}
