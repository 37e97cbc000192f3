/**
 * What of kafkajs 2.2.4 Cordon still runs through, and is repaired. Everything is, but in the tests that show what happens
 * without: no setting reaches this. Whatever else is wrong with it lies in parts that Cordon does not use: its consumer, its
 * producer, its decoder (the README has the list, `test/src/stream/kafkajs-faults.test.ts` the proof).
 */
export interface KafkaJsRepairs {
  /**
   * A fetch goes past the batches that it returned, emptied ones too; without, past the records only, and it stands for
   * ever before a batch that compaction emptied (tulios/kafkajs#1072, #562, #577).
   */
  readonly passEmptiedBatches: boolean
  /** A connection on which an answer is overdue is cut, so that the next request takes a new one (#1439, #1513). */
  readonly cutSilentConnections: boolean
  /** What is retried, such as a coordinator's first "not available", is no line of the log. */
  readonly hushRetries: boolean
  /** No timer with a negative delay after each response: Node warns of it (#1751), and it costs a timer. */
  readonly avoidNegativeTimers: boolean
  /** The bytes of a response that broke off are forgotten; without, the next connection's answers are read behind them. */
  readonly forgetBrokenResponses: boolean
  /** Requests that find a connection broken share one socket; without, each opens one, and all feed the connection. */
  readonly shareReconnections: boolean
}

export const allRepairs: KafkaJsRepairs = Object.freeze({
  passEmptiedBatches: true,
  cutSilentConnections: true,
  hushRetries: true,
  avoidNegativeTimers: true,
  forgetBrokenResponses: true,
  shareReconnections: true,
})
