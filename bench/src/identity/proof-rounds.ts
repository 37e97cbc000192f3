import {
  createCallProofVerifier,
  createReplayWindows,
  createTokenVerifier,
  type NonceEras,
  parseKeySet,
} from '@cordon/tokens'

import type { Figure } from '../report.ts'
import { issuer, type ProvenCallBytes, type ProvenCalls, server, url } from './proven-calls.ts'
import { compareInTurns, type Turns } from './turns.ts'

/** Verifies the calls of a session again and again, in turns with the bare verification of their signatures. */
export const measureProofs = (
  session: ProvenCalls,
  nonces: NonceEras,
  turns: Turns,
  now: number,
): { readonly figures: Record<string, Figure>; readonly refused: number } => {
  const keys = parseKeySet({ keys: [session.publicJwk] })
  const tokens = createTokenVerifier({ issuer, keys: () => keys })
  const proofs = createCallProofVerifier()
  let windows = createReplayWindows()
  let refused = 0
  const isNonceAccepted = (nonce: string): boolean => nonces.isAccepted(nonce, now)

  const isProven = ({ proof, argumentsDigest }: ProvenCallBytes): boolean => {
    const tokenText = session.token.toString('latin1')
    const token = tokens.verify(tokenText, server, now)
    if (!token.ok) return false
    const message = { server, tool: 'read_file', argumentsDigest }
    const { holder, sessionId } = token.token
    const expected = {
      tokenText,
      tokenDigest: token.digest,
      holder,
      method: 'POST',
      url,
      message,
      now,
      isNonceAccepted,
    }
    const proofText = proof.toString('latin1')
    const result = proofs.verify(proofText, expected)
    if (!result.ok) return false
    const { sequence, issuedAt } = result
    const proven = { proof: proofText, sequence, issuedAt, era: nonces.reached(now) }
    return windows.use(sessionId, 'call', proven) === 'fresh'
  }

  const figures = compareInTurns(
    turns,
    () => {
      for (const call of session.calls) if (!session.isSigned(call)) refused += 1
      windows = createReplayWindows()
    },
    () => {
      for (const call of session.calls) if (!isProven(call)) refused += 1
    },
  )
  return { figures, refused }
}
