import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import { errorCode } from '@cordon/foundation'

/** Where a text is before it is put in place whole; says who writes it. */
export const draftOf = (path: string): string => `${path}.${process.pid}.${randomUUID()}`

// Of this very file: another one may begin with its name. Numbers stay below 2^31, which `kill` takes for one process.
const draftEnd = /^\.(?:(\d{1,9})\.)?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/**
 * Removes drafts of a file that were left by processes that were killed: they hold what the file was to hold.
 * @param which `'abandoned'`: those whose process does not live; `'all'`: also those that are written just now, whose writers get `ENOENT`
 * @returns how many
 */
export const removeDrafts = async (path: string, which: 'all' | 'abandoned'): Promise<number> => {
  const folder = dirname(path)
  const file = basename(path)
  let removed = 0
  for (const name of await namesIn(folder)) {
    if (!name.startsWith(file)) continue
    const end = draftEnd.exec(name.slice(file.length))
    if (end === null || (which === 'abandoned' && mayLive(end[1]))) continue
    await rm(join(folder, name), { force: true })
    removed += 1
  }
  return removed
}

const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return await readdir(folder)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

/** A number that was given out anew keeps a draft for longer, and takes none from whoever writes it. */
const mayLive = (pid: string | undefined): boolean => {
  if (pid === undefined) return true
  try {
    process.kill(Number(pid), 0)
    return true
  } catch (error) {
    return errorCode(error) !== 'ESRCH'
  }
}
