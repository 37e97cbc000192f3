import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { processStart } from '@cordon/lifecycle'

/**
 * A new folder whose name says which process is to remove it, so that it can be told to be stale once that one is gone.
 * @param name what it is for, in small letters
 */
export const makeTemporaryFolder = (name: string, removerPid: number): string =>
  mkdtempSync(join(tmpdir(), `cordon-${name}-${removerPid}-${startOf(removerPid)}-${pidNamespace()}-`))

/**
 * Removes what guardians left behind that were killed together with their launchers, or whose machine went down: a
 * database with its password, keys.
 */
export const removeStaleFolders = (): void => {
  for (const name of readdirSync(tmpdir())) {
    if (isStale(name)) removeFolder(join(tmpdir(), name))
  }
}

/** Also where something in it cannot be removed, or somebody else is faster: there may be others to be removed. */
export const removeFolder = (folder: string): void => {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  } catch (error) {
    console.error(`cordon: ${folder}: expected to be removed, got ${String(error)}`)
  }
}

const removedAtExit = new Set<string>()

/** Once more when this process ends: what was under way when the folder was removed may have written into it since. */
export const removeAgainAtExit = (folder: string): void => {
  if (removedAtExit.size === 0) process.once('exit', () => removedAtExit.forEach(removeFolder))
  removedAtExit.add(folder)
}

const pattern = /^cordon-[a-z]+-(?<pid>\d+)-(?<start>\w*)-(?<namespace>\d*)-\w{6}$/

const isStale = (name: string): boolean => {
  const { pid, start, namespace } = pattern.exec(name)?.groups ?? {}
  // In another container the same number is another process, which cannot be seen from here.
  if (pid === undefined || namespace !== pidNamespace()) return false
  if (start !== '' && startOf(Number(pid)) === start) return false
  const folder = lstatSync(join(tmpdir(), name), { throwIfNoEntry: false })
  return folder?.isDirectory() === true && folder.uid === process.getuid?.()
}

const startOf = (pid: number): string => (processStart(pid) ?? '').replaceAll(/\W/g, '')

const pidNamespace = (): string => {
  try {
    return readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '')
  } catch {
    return ''
  }
}
