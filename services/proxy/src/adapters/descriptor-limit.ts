import { readFileSync } from 'node:fs'

/** What Linux gives a process that nobody gave more. */
const commonLimit = 1_024

/** How many files and connections this process may have open; Node raises it as far as it may at its start. */
export const descriptorLimit = (): number => {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? commonLimit : Number(soft)
  } catch {
    return commonLimit
  }
}
