/** When a call ran, milliseconds since the session's start. */
export interface CallTimes {
  readonly startMs: number
  readonly endMs: number
}

/** What a recording says of when a call ran. */
export interface TimedCall {
  /** Calls of one step were made side by side. */
  readonly step: string | undefined
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number | undefined
  readonly endedAt: number | undefined
}

/** Longer ones would drag all other sessions along. */
const longestSessionMs = 7 * 24 * 60 * 60 * 1000
const stepMs = 4000
const parallelGapMs = 50
const shortestCallMs = 20

/**
 * Lays calls out in time: by their own time stamps where they have them and these lie within a week, else a step every
 * 4 s. Whatever the stamps say, steps follow each other in the order in which they first stand, and no call of a step begins
 * after a result of that step: who made them side by side had seen none of these.
 */
export const callTimes = (calls: readonly TimedCall[]): readonly CallTimes[] => {
  const steps = stepsOf(calls)
  const times = recordedTimes(calls) ?? evenTimes(calls, steps)
  const laid = Array.from<CallTimes>({ length: calls.length })
  let earliest = 0
  for (const indices of steps) {
    const starts = indices.map(index => (earliest = Math.max(earliest, times[index]!.startMs)))
    const lastStart = earliest
    for (const [place, index] of indices.entries()) {
      const endMs = Math.max(lastStart + 1, times[index]!.endMs)
      laid[index] = { startMs: starts[place]!, endMs }
      earliest = Math.max(earliest, endMs + 1)
    }
  }
  return laid
}

/** Calls of one step, by their positions; a call without a step is one of its own. */
const stepsOf = (calls: readonly TimedCall[]): readonly (readonly number[])[] => {
  const steps: number[][] = []
  const known = new Map<string, number[]>()
  for (const [index, { step }] of calls.entries()) {
    const same = step === undefined ? undefined : known.get(step)
    if (same !== undefined) {
      same.push(index)
      continue
    }
    const indices = [index]
    steps.push(indices)
    if (step !== undefined) known.set(step, indices)
  }
  return steps
}

const recordedTimes = (calls: readonly TimedCall[]): readonly CallTimes[] | undefined => {
  const origin = calls[0]?.startedAt
  if (origin === undefined) return undefined
  const since = (time: number | undefined): number | undefined =>
    time === undefined ? undefined : Math.max(0, time - origin)
  const times = calls.map(({ startedAt, endedAt }) => {
    const startMs = since(startedAt) ?? 0
    return { startMs, endMs: Math.max(startMs, since(endedAt) ?? startMs) }
  })
  return times.every(({ endMs }) => endMs <= longestSessionMs) ? times : undefined
}

// Half a step for the tool, the rest for the model.
const evenTimes = (
  calls: readonly TimedCall[],
  steps: readonly (readonly number[])[],
): readonly CallTimes[] => {
  const times = Array.from<CallTimes>({ length: calls.length })
  for (const [step, indices] of steps.entries()) {
    const gapMs = Math.min(parallelGapMs, stepMs / 4 / indices.length)
    for (const [place, index] of indices.entries()) {
      const startMs = stepMs * (step + 1) + place * gapMs
      times[index] = { startMs, endMs: startMs + Math.max(shortestCallMs, stepMs / 2) }
    }
  }
  return times
}
