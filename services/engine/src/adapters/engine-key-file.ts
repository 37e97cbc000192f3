import { openKeyFile } from '@cordon/owner-files'
import { type DownstreamKey, openDownstreamKey } from '@cordon/tokens'

/** RFC 8032 §5.1.5. */
const bytes = 32

/**
 * The engine's own key, which says what keys sign downstream tokens: 32 bytes in base64url. Made where the file is missing; engines may
 * share one.
 * @throws CordonError `ENGINE_KEY_INVALID`, `ENGINE_KEY_EXPOSED`, `ENGINE_KEY_UNREADABLE`
 */
export const openEngineKey = async (path: string): Promise<DownstreamKey> =>
  openDownstreamKey(
    await openKeyFile(
      {
        path,
        name: 'engine key',
        code: 'ENGINE_KEY',
        reason: 'whoever reads it can speak to tool servers in any session’s name',
      },
      bytes,
    ),
  )
