import type { Standing } from '@cordon/schemas'

/** Evidence in nats from which a standing holds; `verify` ≤ `readOnly` ≤ `suspend`. */
export interface Thresholds {
  readonly verify: number
  readonly readOnly: number
  readonly suspend: number
}

/** Used until calibration sets them: see the figures in the README. */
export const defaultThresholds: Thresholds = { verify: 3, readOnly: 6, suspend: 9 }

/** How far below its threshold evidence must be before a standing is left, and how much good conduct it takes. */
export const relief = { nats: 1.5, conformingCalls: 5, afterMs: 60_000 } as const

/** The threshold that a standing must fall below to be left; undefined where there is no way back. */
export const thresholdOf = (standing: Standing, thresholds: Thresholds): number | undefined => {
  if (standing === 'verify') return thresholds.verify
  return standing === 'read_only' ? thresholds.readOnly : undefined
}
