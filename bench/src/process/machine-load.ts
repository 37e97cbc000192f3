import { loadavg } from 'node:os'

/** Processes that wanted a processor in the last minute, on average: what else the machine does shows here. */
export const loadAverage = (): number => Math.round((loadavg()[0] ?? Number.NaN) * 100) / 100
