import { type DownstreamKey, openDownstreamKey } from '@cordon/tokens'

import { openSecretFile } from '@cordon/settings'

/** RFC 8032 §5.1.5. */
const bytes = 32

/**
 * The key that signs downstream tokens: 32 bytes in base64url. Made where the file is missing; engines may share one.
 * @throws CordonError `ENGINE_KEY_INVALID`, `ENGINE_KEY_EXPOSED`
 */
export const openEngineKey = async (path: string): Promise<DownstreamKey> =>
  openDownstreamKey(
    await openSecretFile(path, { name: 'engine key', code: 'ENGINE_KEY', bytes, isPrivate: true }),
  )
