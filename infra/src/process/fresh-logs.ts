import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** An empty folder for logs; what the run before wrote is what one wants to read after a crash, and stays beside it. */
export const freshLogs = (folder: string): string => {
  const logs = join(folder, 'logs')
  rmSync(`${logs}.previous`, { recursive: true, force: true })
  if (existsSync(logs)) renameSync(logs, `${logs}.previous`)
  mkdirSync(logs, { recursive: true, mode: 0o700 })
  return logs
}
