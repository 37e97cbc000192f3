import { join } from 'node:path'

import { CordonError, faultInWords } from '@cordon/foundation'
import { takeLock, type Lock } from '@cordon/lifecycle'

import { InfraError } from '../infra-error.ts'
import { makeFolder } from '../make-folder.ts'
import type { OnProgress } from '../progress.ts'

/** A run that was just ended may still be closing its logs. */
const lockWaitMs = 20_000

/**
 * Makes the folder where it is missing, for its owner alone, and takes it for this run.
 * @param folder absolute
 * @throws InfraError `FOLDER_UNUSABLE` where it cannot be made or written
 * @throws CordonError `FOLDER_IN_USE` where another run has it
 */
export const takeDataFolder = async (folder: string, onProgress: OnProgress): Promise<Lock> => {
  try {
    makeFolder(folder)
    return await takeLock(join(folder, 'lock'), {
      what: folder,
      holderPid: process.pid,
      waitMs: lockWaitMs,
      onWait: pid =>
        onProgress({
          part: 'broker',
          state: 'working',
          text: `waiting for the run that has ${folder} (process ${pid}) to end`,
        }),
    })
  } catch (error) {
    if (error instanceof CordonError || !(error instanceof Error && 'code' in error)) throw error
    throw new InfraError(
      'FOLDER_UNUSABLE',
      `${folder}: expected a folder that can be made and written, got ${faultInWords(error)}`,
      { cause: error },
    )
  }
}
