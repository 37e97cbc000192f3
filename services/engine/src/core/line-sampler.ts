/** How often a line that anybody who may write a topic can cause is written. */
const everyMs = 1_000

/** Keeps a flood of one fact out of the log: the first line, then one a second. */
export interface LineSampler {
  /** @returns how many were left out since the last line, or `undefined` where this one is to be left out too */
  take(): number | undefined
}

/** @param now milliseconds of a clock that never steps */
export const createLineSampler = (now: () => number): LineSampler => {
  let writtenAt = Number.NEGATIVE_INFINITY
  let leftOut = 0
  return {
    take() {
      if (now() - writtenAt < everyMs) {
        leftOut += 1
        return undefined
      }
      const told = leftOut
      writtenAt = now()
      leftOut = 0
      return told
    },
  }
}
