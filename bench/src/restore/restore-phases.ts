import type { ScorerLogLine } from '../stack/scorer-log.ts'

/** How the time from a scorer's start to its first decision was spent, in milliseconds. */
export interface RestorePhases {
  /** The process, its files, the registry. */
  readonly startMs: number
  /** Until the group gave it its partitions, and the first of them was claimed. */
  readonly joinMs: number
  /** Until the last partition was restored. */
  readonly restoreMs: number
  readonly records: number
  readonly recordsPerSecond: number
  readonly restoredAt: number
}

/** @param startedAt when the process was started, milliseconds since the Unix epoch, like the times of the log */
export const restorePhases = (lines: readonly ScorerLogLine[], startedAt: number): RestorePhases => {
  const joining = lines.find(({ msg }) => msg === 'joining')
  const claimed = lines.find(({ to }) => to === 'restoring')
  const restored = lines.filter(({ msg }) => msg === 'partition taken over')
  const last = restored.at(-1)
  if (joining === undefined || claimed === undefined || last === undefined) {
    throw new Error(
      'scorer log: expected a scorer that joined, claimed and restored, got one that did not get there',
    )
  }
  const records = restored.reduce((sum, line) => sum + (line.records ?? 0), 0)
  const restoreMs = last.at - claimed.at
  return {
    startMs: joining.at - startedAt,
    joinMs: claimed.at - joining.at,
    restoreMs,
    records,
    recordsPerSecond: Math.round((records / Math.max(1, restoreMs)) * 1000),
    restoredAt: last.at,
  }
}
