import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Something that tells this process from a later one with the same id: its start time as the system reports it.
 * `undefined` where no such process runs.
 */
export const processStart = (pid: number): string | undefined => {
  try {
    // Field 22 of proc_pid_stat(5), counted behind the name in parentheses, which may hold spaces.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return process.platform === 'linux' ? undefined : startByPs(pid)
  }
}

/** Whether a process with this id runs; one that ended and waits to be buried does not. */
export const isRunning = (pid: number): boolean => processStart(pid) !== undefined

const startByPs = (pid: number): string | undefined => {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
