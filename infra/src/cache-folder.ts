import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where downloaded artefacts and class-data archives of this user lie: `CORDON_CACHE_DIR`, else below the XDG cache. */
export const cacheFolder = (environment: Readonly<Record<string, string | undefined>>): string => {
  const own = environment['CORDON_CACHE_DIR']
  if (own !== undefined && own !== '') return own
  const shared = environment['XDG_CACHE_HOME']
  return join(shared !== undefined && shared !== '' ? shared : join(homedir(), '.cache'), 'cordon')
}
