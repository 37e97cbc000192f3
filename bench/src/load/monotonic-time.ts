/** Milliseconds of the machine's monotonic clock: the same clock in every process of one machine. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6
