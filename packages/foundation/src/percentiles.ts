/**
 * How samples are spread, by the nearest-rank method, in the samples' unit and rounded to hundredths. Without a sample
 * only `count` is there: JSON has no NaN, and nothing measured is no figure.
 */
export interface Percentiles {
  readonly count: number
  readonly p50?: number
  readonly p90?: number
  readonly p99?: number
  readonly p999?: number
  readonly max?: number
}

/** @param samples in any order */
export const percentiles = (samples: readonly number[]): Percentiles => {
  if (samples.length === 0) return { count: 0 }
  const sorted = Float64Array.from(samples).sort()
  const at = (share: number): number => Math.round(sorted[Math.ceil(share * sorted.length) - 1]! * 100) / 100
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) }
}
