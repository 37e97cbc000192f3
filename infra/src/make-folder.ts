import { accessSync, constants, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder where it is missing, for its owner alone.
 * @param folder absolute
 * @throws the system's own error where it cannot be made or written
 */
export const makeFolder = (folder: string): void => {
  make(folder)
  accessSync(folder, constants.W_OK)
}

/** From the top down: where the system refuses a folder below an existing one, `recursive` tries for ever. */
const make = (folder: string): void => {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return
  if (dirname(folder) !== folder) make(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process was faster.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error
  }
}
