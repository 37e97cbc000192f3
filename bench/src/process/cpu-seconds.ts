import { readFile } from 'node:fs/promises'

/** `sysconf(_SC_CLK_TCK)` of every Linux that Node runs on. */
const ticksPerSecond = 100

/** Processor time that a process has had, all its threads together. Linux only. */
export const cpuSeconds = async (pid: number): Promise<number> =>
  parseCpuSeconds(await readFile(`/proc/${pid}/stat`, 'utf8'))

/** @param stat a line of `/proc/<pid>/stat`: see proc_pid_stat(5) */
export const parseCpuSeconds = (stat: string): number => {
  // The command's name stands in parentheses and may hold anything, more of them too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])]
  return (userTicks + systemTicks) / ticksPerSecond
}
