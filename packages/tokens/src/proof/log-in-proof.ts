import type { HolderKey } from './holder-key.ts'
import { signRequestProof } from './request-proof.ts'
import { type RequestProofVerification, verifyRequestProof } from './request-proof-verifier.ts'

/** A log-in, shown for a session. */
export interface ShownLogIn {
  /** Where it is shown. */
  readonly url: string
  readonly idToken: string
  /** Thumbprint of the session's own key. */
  readonly holder: string
}

const prefix = 'cordon-key.'

/**
 * The `nonce` of a log-in that is for one key alone (OpenID Connect Core 1.0 §2): the provider signs it into the ID token, so that whoever
 * gets hold of that token has a log-in of somebody else's key.
 * @param thumbprint RFC 7638, of a key that is made for this one log-in, and so is as little to be guessed as any nonce
 */
export const logInNonceOf = (thumbprint: string): string => `${prefix}${thumbprint}`

/** @returns the thumbprint, which nobody has where it is malformed; `undefined` where the log-in is for no key */
export const logInKeyOf = (nonce: unknown): string | undefined =>
  typeof nonce === 'string' && nonce.startsWith(prefix) ? nonce.slice(prefix.length) : undefined

/** The proof that the log-in's key is there, for this session's key and no other: for the header `DPoP-Log-In`. */
export const signLogInProof = (
  key: HolderKey,
  shown: ShownLogIn & { readonly issuedAt: number; readonly proofId: string },
): string => {
  const { url, issuedAt, proofId } = shown
  return signRequestProof(key, { method: 'POST', url, issuedAt, proofId, tokenText: textOf(shown) })
}

/** As `verifyRequestProof`. @param now milliseconds since the Unix epoch */
export const verifyLogInProof = (proof: string, shown: ShownLogIn, now: number): RequestProofVerification =>
  verifyRequestProof(proof, { method: 'POST', url: shown.url, now, tokenText: textOf(shown) })

// Neither has a space in it.
const textOf = ({ idToken, holder }: ShownLogIn): string => `${idToken} ${holder}`
