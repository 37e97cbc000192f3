import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

import { generateVoucherKeyPem, issueClientAttestation, openVoucherKey } from '@cordon/attestation'
import { type AgentId, systemClock, uuidV7, type Clock } from '@cordon/foundation'
import { openOwnerFile, type OwnerFile } from '@cordon/owner-files'
import type { HolderJwk } from '@cordon/tokens'

/** Signs what its caller states of the code, with a key in a file: proves who may read that file, not what runs. */
export interface LocalAttester {
  /** What the bundle registers under the attester's name. */
  readonly publicJwk: HolderJwk
  /** For `openAgentSession`: an attestation each time that one is asked for. */
  attest(running: RunningAgent): (holder: HolderJwk) => Promise<string>
}

export interface RunningAgent {
  readonly agentId: AgentId
  /** SHA-256, hexadecimal, of the code that is said to run: `digestFile` of what was started. Nothing here checks it. */
  readonly codeDigest: string
  /** The issuer of the identity service. */
  readonly audience: string
}

/** Shown at once; asked for again for each token. */
const lifeMs = 5 * 60_000

/**
 * @param options.keyFile a private key in PEM with mode 0600; made where it is missing
 * @param options.name the attester's name in the bundle
 * @param options.platform what it vouches for
 * @throws CordonError `ATTESTER_KEY_EXPOSED`, `ATTESTER_KEY_UNREADABLE`; AttestationError `VOUCHER_KEY_INVALID`
 */
export const openAttester = async (options: {
  readonly keyFile: string
  readonly name: string
  readonly platform: string
  readonly clock?: Clock
}): Promise<LocalAttester> => {
  const { clock = systemClock } = options
  const key = openVoucherKey(await openOwnerFile(attesterKeyFile(options.keyFile), generateVoucherKeyPem))
  return {
    publicJwk: key.publicJwk,
    attest: running => async holder => {
      const now = clock.now()
      return issueClientAttestation(
        {
          attester: options.name,
          platform: options.platform,
          agentId: running.agentId,
          codeDigest: running.codeDigest,
          holderJwk: holder,
          attestationId: uuidV7(now),
          issuedAt: now,
          expiresAt: now + lifeMs,
        },
        running.audience,
        key,
      )
    },
  }
}

const attesterKeyFile = (path: string): OwnerFile => ({
  path,
  name: 'attester key',
  code: 'ATTESTER_KEY',
  reason: 'whoever reads it can vouch for any code',
})

/** @returns SHA-256 of the file, hexadecimal */
export const digestFile = async (path: string): Promise<string> => {
  const digest = createHash('sha256')
  for await (const part of createReadStream(path)) digest.update(part as Buffer)
  return digest.digest('hex')
}
