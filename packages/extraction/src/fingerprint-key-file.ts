import type { KeyObject } from 'node:crypto'
import { createSecretKey } from 'node:crypto'

import { openSecretFile } from '@cordon/settings'

/** HMAC-SHA-256 gains nothing from a longer key. */
const bytes = 32

/**
 * The key under which entities become fingerprints: 32 bytes in base64url. Made where the file is missing; engines and identity
 * on other machines need a copy, or what one of them saw means nothing to the others.
 * @throws CordonError `FINGERPRINT_KEY_INVALID`
 */
export const openFingerprintKey = async (path: string): Promise<KeyObject> =>
  createSecretKey(
    await openSecretFile(path, { name: 'fingerprint key', code: 'FINGERPRINT_KEY', bytes, isPrivate: false }),
  )
