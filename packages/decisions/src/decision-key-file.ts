import { openKeyFile } from '@cordon/owner-files'

import { openDecisionSigner, type DecisionSigner } from './decision-key.ts'
import { seedBytes } from './ed25519.ts'

/**
 * The scorer's key in a file: 32 bytes in base64url. Made where the file is missing; scorers of one group need the same.
 * @throws CordonError `DECISION_KEY_INVALID`, `DECISION_KEY_UNREADABLE`, or `DECISION_KEY_EXPOSED` where others may read it
 */
export const openDecisionKeyFile = async (path: string): Promise<DecisionSigner> =>
  openDecisionSigner(
    await openKeyFile(
      { path, name: 'decision key', code: 'DECISION_KEY', reason: 'whoever reads it can set any standing' },
      seedBytes,
    ),
  )
