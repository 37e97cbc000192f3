import { createHash } from 'node:crypto'

import { CordonError } from '@cordon/foundation'
import type { KeyFileErrorCode } from '@cordon/owner-files'

import { openEd25519Key, seedBytes } from './ed25519.ts'
import {
  beatBytes,
  standingBytes,
  verdictBytes,
  type BeatClaim,
  type StandingClaim,
  type VerdictClaim,
} from './signed-bytes.ts'

export type DecisionErrorCode = KeyFileErrorCode<'DECISION_KEY'>

/** The public half of a scorer's key, as it stands in the bundle. */
export interface DecisionKey {
  readonly keyId: string
  /** 32 bytes in base64url (RFC 8032 §5.1.5). */
  readonly publicKey: string
}

/** As it stands beside what it signs. */
export interface Signature {
  readonly keyId: string
  readonly signature: Buffer
}

/** The scorer's half. Ed25519 signatures are deterministic: the same claim has the same bytes in a recomputation. */
export interface DecisionSigner {
  readonly key: DecisionKey
  sign(claim: StandingClaim): Signature
  signBeat(claim: BeatClaim): Signature
  signVerdict(claim: VerdictClaim): Signature
}

/** Of the public half, so that nobody can give the name to another key by mistake. */
const keyIdBytes = 9

/**
 * @param seed 32 secret bytes: the private key of RFC 8032
 * @throws CordonError `DECISION_KEY_INVALID`
 */
export const openDecisionSigner = (seed: Buffer): DecisionSigner => {
  requireSeed(seed)
  const key = openEd25519Key(seed)
  const publicKey = key.publicKey.toString('base64url')
  const keyId = createHash('sha256').update(publicKey).digest().subarray(0, keyIdBytes).toString('base64url')
  const signed = (bytes: Buffer): Signature => ({ keyId, signature: key.sign(bytes) })
  return {
    key: { keyId, publicKey },
    sign: claim => signed(standingBytes(claim)),
    signBeat: claim => signed(beatBytes(claim)),
    signVerdict: claim => signed(verdictBytes(claim)),
  }
}

const requireSeed = (seed: Buffer): void => {
  if (seed.length === seedBytes) return
  throw new CordonError<DecisionErrorCode>(
    'DECISION_KEY_INVALID',
    `decision key: expected ${seedBytes} bytes, got ${seed.length}`,
  )
}
