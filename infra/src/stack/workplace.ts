import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

import type { ArtefactContext } from '../artefacts/artefact-store.ts'
import { cacheFolder } from '../cache-folder.ts'
import { takeLock, type Lock } from '../process/lock-file.ts'
import { openSupervisor } from '../process/supervisor.ts'
import { removeStaleFolders } from '../process/temporary-folder.ts'
import type { OnProgress } from '../progress.ts'
import { checkLauncherEnvironment } from './launcher-environment.ts'

/** Where local parts run: a folder, and the supervisor that stops them. */
export interface Workplace extends ArtefactContext {
  readonly folder: string
  /** True: the folder, and the topics in it, outlive the run. */
  readonly lasting: boolean
  /** The launcher's environment. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Stops everything that was started here, in reverse order. Then a throw-away folder is gone. */
  close(): Promise<void>
}

export interface WorkplaceOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Kept, and used by one run at a time. Omitted: a throw-away folder. */
  readonly dataFolder?: string
  readonly onProgress: OnProgress
}

/** A run that was just ended may still be closing its logs. */
const lockWaitMs = 20_000

/**
 * @throws SettingsError where the environment has a `CORDON_*` variable that nobody would read
 * @throws InfraError `FOLDER_IN_USE` where another run has the data folder
 */
export const openWorkplace = async (options: WorkplaceOptions): Promise<Workplace> => {
  const { environment, dataFolder, onProgress } = options
  checkLauncherEnvironment(environment)
  removeStaleFolders()
  const keptFolder = dataFolder === undefined ? undefined : resolve(dataFolder)
  const lock = keptFolder === undefined ? undefined : await lockFolder(keptFolder, onProgress)
  const supervisor = await openSupervisor(keptFolder)
  // Until everything has stopped, also after the launcher is gone.
  lock?.handTo(supervisor.guardianPid)
  return {
    folder: supervisor.folder,
    lasting: keptFolder !== undefined,
    environment,
    supervisor,
    onProgress,
    cache: cacheFolder(environment),
    close: async () => {
      await supervisor.close()
      lock?.release()
    },
  }
}

const lockFolder = (folder: string, onProgress: OnProgress): Promise<Lock> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return takeLock(join(folder, 'lock'), {
    what: folder,
    holderPid: process.pid,
    waitMs: lockWaitMs,
    onWait: pid =>
      onProgress({
        part: 'broker',
        state: 'working',
        text: `waiting for an earlier run here (process ${pid})`,
      }),
  })
}
