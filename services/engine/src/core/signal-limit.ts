/** A minute: long enough to be no flood, short enough to show that it goes on. */
const windowMs = 60_000
/** What subscribers may be told in one window, whoever writes how much into the topic. */
const defaultMaxSignals = 100

/** Which facts are worth a signal of their own: each once in a while, and not more of them than somebody can read. */
export interface SignalLimit {
  /** @param fact session and cause @param now milliseconds of a clock that never steps */
  admits(fact: string, now: number): boolean
}

export const createSignalLimit = (maxSignals: number = defaultMaxSignals): SignalLimit => {
  const told = new Set<string>()
  let windowStart = Number.NEGATIVE_INFINITY
  return {
    admits(fact, now) {
      if (now - windowStart >= windowMs) {
        told.clear()
        windowStart = now
      }
      if (told.has(fact) || told.size >= maxSignals) return false
      told.add(fact)
      return true
    },
  }
}
