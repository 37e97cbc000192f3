/** When a stream of events that ended is asked for again (MCP 2025-11-25, resumability): the same wherever Cordon is the client. */
export interface StreamPace {
  /** After each end, however it came about. */
  after(end: EndedStream): {
    readonly waitMs: number
    /** So many ended at once, one after the other, that it is not asked for any more: its server does not seem to want that. */
    readonly isHopeless: boolean
  }
}

export interface EndedStream {
  /** What its server wants to pass before the next one; `undefined`: it did not say. */
  readonly retryMs: number | undefined
  /** Nothing came on it that is a message. */
  readonly isEmpty: boolean
  readonly lastedMs: number
}

/** Before a stream is taken up again, where its server does not say. */
const defaultRetryMs = 1_000
/** Whatever the server says: a stream that ends at once must not become a loop. */
export const leastRetryMs = 100
/** Before the second of those that end at once, and at most; it doubles in between. */
const leastBackOffMs = 100
const maxBackOffMs = 30_000
/** Load balancers cut what is silent after 30 s and more; that is not at once. */
const atOnceMs = 5_000
const maxEmptyStreams = 10

/** Of one session with one server. It begins anew with a message, and with a stream that lasted. */
export const createStreamPace = (): StreamPace => {
  /** One after the other, at once and without a message. */
  let emptyStreams = 0
  return {
    after: ({ retryMs = defaultRetryMs, isEmpty, lastedMs }) => {
      emptyStreams = isEmpty && lastedMs < atOnceMs ? emptyStreams + 1 : 0
      const backOffMs =
        emptyStreams === 0 ? 0 : Math.min(leastBackOffMs * 2 ** (emptyStreams - 1), maxBackOffMs)
      return {
        waitMs: Math.max(retryMs, leastRetryMs, backOffMs),
        isHopeless: emptyStreams >= maxEmptyStreams,
      }
    },
  }
}
