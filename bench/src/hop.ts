import type { Percentiles } from '@cordon/foundation'

/** Median and 99th percentile of one hop, under keys with its name; nothing where nothing was measured. */
export const hop = (name: string, { p50, p99 }: Percentiles): Readonly<Record<string, number>> => ({
  ...(p50 !== undefined && { [`${name}P50`]: p50 }),
  ...(p99 !== undefined && { [`${name}P99`]: p99 }),
})
