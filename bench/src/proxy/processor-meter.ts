import { cpuSeconds } from '../process/cpu-seconds.ts'

/** Milliseconds of processor time, by process. */
export type ProcessorTime = Readonly<Record<string, number>>

/** Reads what each of some processes has had so far. */
export type ProcessorMeter = () => Promise<ProcessorTime>

/** @param pids by what is said of them: each with all its threads; of what it leaves to others nothing is known */
export const processorMeter =
  (pids: Readonly<Record<string, number>>): ProcessorMeter =>
  async () => {
    const times = await Promise.all(
      Object.entries(pids).map(async ([name, pid]) => [name, (await cpuSeconds(pid)) * 1000] as const),
    )
    return Object.fromEntries(times)
  }

/** What one call took of each process, and `all` together. Work of the background counts too. */
export const perCall = (before: ProcessorTime, after: ProcessorTime, calls: number): ProcessorTime => {
  const each = Object.entries(after).map(
    ([name, ms]) => [name, (ms - (before[name] ?? Number.NaN)) / calls] as const,
  )
  return { ...Object.fromEntries(each), all: each.reduce((sum, [, ms]) => sum + ms, 0) }
}
