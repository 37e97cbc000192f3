import { openKeyFile } from '@cordon/owner-files'

const keyBytes = 32

/**
 * The key that signing keys are sealed with, in a file, made with mode 0600 where there is none. Whoever has a copy of the database
 * has no signing key without it.
 * @returns 32 bytes
 * @throws CordonError `KEY_FILE_UNREADABLE`, `KEY_FILE_INVALID`, or `KEY_FILE_EXPOSED` where others may read it
 */
export const openSealingKeyFile = async (path: string): Promise<Buffer> =>
  openKeyFile(
    { path, name: 'key file', code: 'KEY_FILE', reason: 'whoever reads it can be anybody' },
    keyBytes,
  )
