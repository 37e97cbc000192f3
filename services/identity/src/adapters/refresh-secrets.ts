import { hash, randomBytes } from 'node:crypto'

import type { Secrets } from '../ports.ts'

/** Nobody guesses this, so that its plain digest is enough to keep. */
const refreshTokenBytes = 32

export const refreshSecrets: Secrets = {
  newRefreshToken: () => randomBytes(refreshTokenBytes).toString('base64url'),
  digest: text => hash('sha256', text, 'buffer'),
}
