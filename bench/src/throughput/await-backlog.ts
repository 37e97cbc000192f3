import { setTimeout as pause } from 'node:timers/promises'

import { monotonicMs } from '../load/monotonic-time.ts'
import { cpuSeconds } from '../process/cpu-seconds.ts'
import type { BenchScorer } from '../stack/bench-backbone.ts'
import { parseScorerEffort, type ScorerEffort } from '../stack/scorer-effort.ts'

/** What a scorer had done at a moment. */
export interface Reading extends ScorerEffort {
  /** Milliseconds of the monotonic clock. */
  readonly at: number
  readonly cpuSeconds: number
}

const pollMs = 200
/** A bench ends by itself, also where the scorer does not get on. */
const stallMs = 60_000

/** Reads until so many records are committed; the last reading is the first that has them all. */
export const awaitBacklog = async (scorer: BenchScorer, records: number): Promise<readonly Reading[]> => {
  const readings = [await read(scorer)]
  let movedAt = monotonicMs()
  for (;;) {
    const last = readings.at(-1)!
    if (last.events >= records) return readings
    if (monotonicMs() - movedAt > stallMs) {
      throw new Error(`scorer: expected ${records} records committed, got stuck at ${last.events}`)
    }
    await pause(pollMs)
    const next = await read(scorer)
    if (next.events > last.events) movedAt = next.at
    readings.push(next)
  }
}

const read = async (scorer: BenchScorer): Promise<Reading> => {
  const effort = parseScorerEffort(await scorer.metrics())
  return { ...effort, at: monotonicMs(), cpuSeconds: await cpuSeconds(scorer.pid) }
}
