import { readFile } from 'node:fs/promises'

/** A line of a scorer's log, as far as a bench reads it. */
export interface ScorerLogLine {
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  readonly msg: string
  readonly partition?: number
  /** Of a task that changed its state. */
  readonly to?: string
  /** Of a partition that was taken over: changelog records read. */
  readonly records?: number
}

export const readScorerLog = async (file: string): Promise<readonly ScorerLogLine[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter(line => line.startsWith('{') && line.endsWith('}'))
    .map(line => {
      const { time, ...rest } = JSON.parse(line) as Omit<ScorerLogLine, 'at'> & { readonly time: string }
      return { ...rest, at: Date.parse(time) }
    })

/** Partitions whose task runs, by the log so far. */
export const runningPartitions = (lines: readonly ScorerLogLine[]): ReadonlySet<number> => {
  const running = new Set<number>()
  for (const { msg, partition, to } of lines) {
    if (msg !== 'task changed state' || partition === undefined) continue
    if (to === 'running') running.add(partition)
    else running.delete(partition)
  }
  return running
}
