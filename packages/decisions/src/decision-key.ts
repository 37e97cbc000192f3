import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto'

import { CordonError } from '@cordon/foundation'

import { beatBytes, standingBytes, type BeatClaim, type StandingClaim } from './signed-bytes.ts'

export type DecisionErrorCode = 'DECISION_KEY_INVALID' | 'DECISION_KEY_EXPOSED'

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
}

export const seedBytes = 32

/** RFC 8410 §7: what stands before the seed in PKCS #8. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Of the public half, so that nobody can give the name to another key by mistake. */
const keyIdBytes = 9

/**
 * @param seed 32 secret bytes: the private key of RFC 8032
 * @throws CordonError `DECISION_KEY_INVALID`
 */
export const openDecisionSigner = (seed: Uint8Array): DecisionSigner => {
  const privateKey = privateKeyOf(seed)
  const publicKey = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? ''
  const keyId = createHash('sha256').update(publicKey).digest().subarray(0, keyIdBytes).toString('base64url')
  const signed = (bytes: Buffer): Signature => ({ keyId, signature: sign(null, bytes, privateKey) })
  return {
    key: { keyId, publicKey },
    sign: claim => signed(standingBytes(claim)),
    signBeat: claim => signed(beatBytes(claim)),
  }
}

const privateKeyOf = (seed: Uint8Array): KeyObject => {
  if (seed.length === seedBytes)
    return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
  throw new CordonError<DecisionErrorCode>(
    'DECISION_KEY_INVALID',
    `decision key: expected ${seedBytes} bytes, got ${seed.length}`,
  )
}
