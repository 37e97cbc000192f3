import type { KeyObject } from 'node:crypto'
import { createSecretKey } from 'node:crypto'

import { openKeyFile } from '@cordon/owner-files'

/** HMAC-SHA-256 gains nothing from a longer key. */
const bytes = 32

/**
 * The key under which entities become fingerprints: 32 bytes in base64url. Made where the file is missing; engines and identity
 * on other machines need a copy, or what one of them saw means nothing to the others.
 * @throws CordonError `FINGERPRINT_KEY_INVALID`, `FINGERPRINT_KEY_EXPOSED`, `FINGERPRINT_KEY_UNREADABLE`
 */
export const openFingerprintKey = async (path: string): Promise<KeyObject> =>
  createSecretKey(
    await openKeyFile(
      {
        path,
        name: 'fingerprint key',
        code: 'FINGERPRINT_KEY',
        reason: 'whoever reads it can try out what stands behind a fingerprint',
      },
      bytes,
    ),
  )
