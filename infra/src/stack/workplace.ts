import { resolve } from 'node:path'

import type { ArtefactContext } from '../artefacts/artefact-store.ts'
import { cacheFolder } from '../cache-folder.ts'
import { openSupervisor } from '../process/supervisor.ts'
import { removeStaleFolders } from '../process/temporary-folder.ts'
import type { OnProgress } from '../progress.ts'
import { takeDataFolder } from './data-folder.ts'
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

/**
 * @throws SettingsError where the environment has a `CORDON_*` variable that nobody would read, or a value of the wrong form
 * @throws InfraError `FOLDER_UNUSABLE`
 * @throws CordonError `FOLDER_IN_USE` where another run has it
 */
export const openWorkplace = async (options: WorkplaceOptions): Promise<Workplace> => {
  const { environment, dataFolder, onProgress } = options
  checkLauncherEnvironment(environment)
  removeStaleFolders()
  const keptFolder = dataFolder === undefined ? undefined : resolve(dataFolder)
  const lock = keptFolder === undefined ? undefined : await takeDataFolder(keptFolder, onProgress)
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
