import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

import { faultInWords } from '@cordon/foundation'

import { InfraError } from './infra-error.ts'
import { makeFolder } from './make-folder.ts'

/** Where downloaded artefacts and class-data archives of this user lie: `CORDON_CACHE_DIR`, else below the XDG cache. */
export const cacheFolder = (environment: Readonly<Record<string, string | undefined>>): string => {
  const own = environment['CORDON_CACHE_DIR']
  if (own !== undefined && own !== '') return own
  const shared = environment['XDG_CACHE_HOME']
  return join(shared !== undefined && shared !== '' ? shared : join(homedir(), '.cache'), 'cordon')
}

/** Makes a folder in the cache. @throws InfraError `FOLDER_UNUSABLE`, which says how to take another cache */
export const makeCacheFolder = (folder: string): void => {
  try {
    makeFolder(resolve(folder))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new InfraError(
      'FOLDER_UNUSABLE',
      `cache ${folder}: expected a folder that can be made and written, got ${faultInWords(error)}; CORDON_CACHE_DIR names another`,
      { cause: error },
    )
  }
}
