import { randomBytes } from 'node:crypto'

import { createCallProofVerifier, createNonceEras, createReplayWindows, proofRefusals } from '@cordon/tokens'

import type { CallProofs, ProofResult } from '../ports.ts'

const secretBytes = 32

const uses: Readonly<Record<'replayed' | 'full', ProofResult>> = {
  replayed: { ok: false, reason: 'PROOF_REPLAYED' },
  full: { ok: false, reason: 'ENGINE_UNAVAILABLE' },
}

/** @param secret of this process alone: the nonces of another one, or of this one before a restart, are none of its own */
export const createCallProofs = (secret: Buffer = randomBytes(secretBytes)): CallProofs => {
  const verifier = createCallProofVerifier()
  const nonces = createNonceEras({ secret })
  const windows = createReplayWindows()

  return {
    nonce: now => nonces.current(now),
    verify({ token, tokenDigest, proof, htm, htu }, { holder, sessionId }, now, message) {
      const verified = verifier.verify(proof, {
        tokenText: token,
        tokenDigest,
        holder,
        method: htm,
        url: htu,
        ...(message && { message }),
        now,
        isNonceAccepted: nonce => nonces.isAccepted(nonce, now),
      })
      if (!verified.ok) return { ok: false, reason: proofRefusals[verified.reason] }
      const { sequence, issuedAt } = verified
      const kind = message !== undefined && 'tool' in message ? 'call' : 'request'
      const proven = { proof, sequence, issuedAt, era: nonces.reached(now) }
      const use = windows.use(sessionId, kind, proven)
      return use === 'fresh' ? { ok: true, proven } : uses[use]
    },
    giveBack: (sessionId, proven) => windows.giveBack(sessionId, 'call', proven),
  }
}
