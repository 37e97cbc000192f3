import type { DecisionKey, Signature } from './decision-key.ts'
import { isSignedBy } from './ed25519.ts'
import {
  beatBytes,
  standingBytes,
  verdictBytes,
  type BeatClaim,
  type StandingClaim,
  type VerdictClaim,
} from './signed-bytes.ts'

/** What a reader believes: signatures by one of the bundle's keys, and nothing else. Without keys, nothing. */
export interface DecisionVerifier {
  verifyStanding(claim: StandingClaim & Signature): boolean
  verifyBeat(claim: BeatClaim & Signature): boolean
  verifyVerdict(claim: VerdictClaim & Signature): boolean
}

/** @param keys several while one replaces another */
export const createDecisionVerifier = (keys: readonly DecisionKey[]): DecisionVerifier => {
  const known = new Map(keys.map(({ keyId, publicKey }) => [keyId, Buffer.from(publicKey, 'base64url')]))
  const isSigned = ({ keyId, signature }: Signature, bytes: Buffer): boolean => {
    const key = known.get(keyId)
    return key !== undefined && isSignedBy(key, bytes, signature)
  }
  return {
    verifyStanding: claim => isSigned(claim, standingBytes(claim)),
    verifyBeat: claim => isSigned(claim, beatBytes(claim)),
    verifyVerdict: claim => isSigned(claim, verdictBytes(claim)),
  }
}
