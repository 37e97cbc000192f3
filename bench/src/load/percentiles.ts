/** Milliseconds, by the nearest-rank method. */
export interface Percentiles {
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

const round = (value: number): number => Math.round(value * 100) / 100

/** @param samples milliseconds, in any order */
export const percentiles = (samples: readonly number[]): Percentiles => {
  const sorted = Float64Array.from(samples).sort()
  const at = (share: number): number =>
    round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN)
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) }
}
