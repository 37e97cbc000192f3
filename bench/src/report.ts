import { cpus, totalmem } from 'node:os'

/** What a bench found, as it is printed and as `--json` writes it. */
export interface BenchReport {
  readonly name: string
  readonly machine: Machine
  /** What was put in: sizes, rates, seeds. */
  readonly input: Readonly<Record<string, Figure>>
  /** Durations are milliseconds under plain keys such as `p50` and `p99`; other units are in the key's name. */
  readonly results: Readonly<Record<string, Figure | Readonly<Record<string, Figure>>>>
  /** What stands behind the figures, and what they do not measure. */
  readonly notes: readonly string[]
  /** Why the figures must not be used: what should have been measured was not. Absent where all was. */
  readonly faults?: readonly string[]
}

export type Figure = number | string | boolean

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly node: string
}

export const thisMachine = (): Machine => {
  const processors = cpus()
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    node: process.version,
  }
}
