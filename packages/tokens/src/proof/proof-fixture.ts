import { createHash } from 'node:crypto'

import { compactJws } from '../compact-jws.ts'
import type { ProofExpectation } from './call-proof-verifier.ts'
import { generateHolderKey, type HolderKey } from './holder-key.ts'
import type { ProofCall, ProofPayload } from './proof-payload.ts'
import type { ProvenCall } from './proven-message.ts'

// Proofs are put together by hand here: what the agent's side writes must not decide what the verifier refuses.

export const iat = 1_800_000_000
export const now: number = iat * 1000 + 500
export const nonce = 'nonce-of-now'
export const holder: HolderKey = generateHolderKey()

const tokenText = 'header.claims.signature'
export const url = 'https://cordon.example/mcp/files'

/** A call of files/read_file with `{"path":"/a"}`. */
export const call: ProvenCall = {
  server: 'files',
  tool: 'read_file',
  argumentsDigest: createHash('sha256').update('{"path":"/a"}').digest('base64url'),
}

export const expected: ProofExpectation = {
  tokenText,
  holder: holder.thumbprint,
  method: 'POST',
  url,
  message: call,
  now,
  isNonceAccepted: shown => shown === nonce,
}

/** What a good proof of that call says. */
export const claims: ProofPayload & { readonly mcp: ProofCall } = {
  jti: 'proof-1',
  htm: 'POST',
  htu: url,
  iat,
  ath: createHash('sha256').update(tokenText).digest('base64url'),
  nonce,
  mcp: { server: call.server, tool: call.tool, args_s256: call.argumentsDigest },
  seq: 7,
}

export const headerOf = (key: HolderKey): Record<string, unknown> => ({
  typ: 'dpop+jwt',
  alg: key.algorithm,
  jwk: key.publicJwk,
})

export const makeProof = (
  payload: object = claims,
  header: object = headerOf(holder),
  signer: HolderKey = holder,
): string => compactJws(header, payload, bytes => signer.sign(bytes))
