/** Sum and count of a histogram, over all its labels. */
export interface HistogramTotal {
  readonly seconds: number
  readonly count: number
}

/** @param metrics in Prometheus's text format */
export const histogramTotal = (metrics: string, name: string): HistogramTotal => {
  const total = (suffix: string): number =>
    metrics
      .split('\n')
      .filter(line => line.startsWith(`${name}_${suffix} `) || line.startsWith(`${name}_${suffix}{`))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
  return { seconds: total('sum'), count: total('count') }
}

/** Milliseconds, between two readings. */
export const meanMs = (before: HistogramTotal, after: HistogramTotal): number =>
  Math.round(((after.seconds - before.seconds) / Math.max(1, after.count - before.count)) * 1e5) / 100
