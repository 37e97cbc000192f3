/**
 * How high evidence climbs in sessions that closed in good standing, judged by baselines that had not learned from them nor from
 * any session like them.
 */
export interface Calibration {
  /** By role of the human. */
  readonly roles: Readonly<Record<string, WorkPeaks>>
  /** Of every role. */
  readonly all: WorkPeaks
}

/** Sessions like earlier ones apart from new work: what is usual in one is not in the other. See `noteWork`. */
export interface WorkPeaks {
  readonly recurring: Peaks
  readonly new: Peaks
}

/** The highest evidence that each session reached, of many sessions. */
export interface Peaks {
  /** Sum of the sessions' weights: their number, where each weighs 1. */
  readonly sessions: number
  /** Nats and weight, highest first; what is left out lies below all of these. */
  readonly highest: readonly (readonly [nats: number, weight: number])[]
}

export const noPeaks: Peaks = { sessions: 0, highest: [] }
export const noWorkPeaks: WorkPeaks = { recurring: noPeaks, new: noPeaks }
export const emptyCalibration: Calibration = { roles: {}, all: noWorkPeaks }

/** As many parts of the sessions take turns in being judged by what the others teach. */
export const maxFolds = 10

/** More than any quantile that a threshold is set at needs. */
const keptShare = 0.2
const maxKept = 256

/** @param sessions nats and weight, in any order */
export const peaksOf = (sessions: readonly (readonly [nats: number, weight: number])[]): Peaks => {
  const total = sessions.reduce((sum, [, weight]) => sum + weight, 0)
  const highest: (readonly [number, number])[] = []
  let kept = 0
  for (const session of sessions.toSorted(([a], [b]) => b - a)) {
    if (highest.length === maxKept || (kept > keptShare * total && highest.length > 0)) break
    highest.push(session)
    kept += session[1]
  }
  return { sessions: total, highest }
}

/**
 * The evidence that one of so many sessions goes beyond: the conformal quantile, which a new session that is like these
 * exceeds with at most that probability (Vovk et al. 2005, §2.2). Weights make some sessions count for more.
 * @returns undefined where the sessions are too few to tell
 */
export const quantileOf = ({ sessions, highest }: Peaks, share: number): number | undefined => {
  // One more session, the one to be judged, counts as exceeding all.
  const allowed = share * (sessions + 1) - 1
  if (allowed < 0) return undefined
  let above = 0
  for (const [nats, weight] of highest) {
    above += weight
    if (above > allowed) return nats
  }
  return 0
}

/** How many sessions `quantileOf` takes to tell the evidence that so small a share of them goes beyond. */
export const sessionsNeeded = (share: number): number => Math.ceil(1 / share) - 1
