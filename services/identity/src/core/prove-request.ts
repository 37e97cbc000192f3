import type { SessionToken, ShownLogIn, TokenVerifier } from '@cordon/tokens'
import {
  logInKeyOf,
  parseCompactJws,
  parseStrictJsonObject,
  requestProofSkewMs,
  verifyLogInProof,
  verifyRequestProof,
} from '@cordon/tokens'

import type { Secrets } from '../ports.ts'
import type { UsedProof } from '../ports/session-store.ts'
import { type Answer, granted, refused } from './refusal.ts'

/** Who proved a request, and what must not be shown again. */
export interface ProvenRequest {
  /** Thumbprint of the key. */
  readonly holder: string
  readonly used: UsedProof
}

export interface ProofFacts {
  /** Where it was sent. */
  readonly url: string
  readonly now: number
  /** The token that is shown along, where it is bound to the key. */
  readonly tokenText?: string
}

/** The `DPoP` header of a request to identity (RFC 9449 §4.3). */
export const proveRequest = (
  proof: string,
  { url, now, tokenText }: ProofFacts,
  secrets: Secrets,
): Answer<ProvenRequest> => {
  const verified = verifyRequestProof(proof, {
    method: 'POST',
    url,
    now,
    ...(tokenText !== undefined && { tokenText }),
  })
  if (!verified.ok)
    return verified.reason === 'PROOF_ABSENT'
      ? refused('PROOF_MISSING', 'DPoP: expected the proof of a key, got none')
      : refused('PROOF_INVALID', `DPoP: expected a proof of this request, got ${verified.reason}`)
  return granted({ holder: verified.holder, used: usedOf(verified, now, secrets) })
}

// Of the key, too: two agents may use the same id. Twice the skew: its clock may be ahead by one.
const usedOf = (
  { holder, proofId }: { readonly holder: string; readonly proofId: string },
  now: number,
  secrets: Secrets,
): UsedProof => ({
  digest: secrets.digest(`${holder} ${proofId}`),
  expiresAt: now + 2 * requestProofSkewMs,
})

/**
 * The `DPoP-Log-In` header: that whoever shows an ID token holds the key that its human logged in for, where the log-in names one. Where it
 * names none (a log-in on another device, another program) the ID token is a bearer token.
 * @param proof empty where there is none @param nonce of the ID token
 * @returns what was used up by it
 */
export const proveLogIn = (
  proof: string,
  nonce: unknown,
  facts: ShownLogIn & { readonly now: number },
  secrets: Secrets,
): Answer<readonly UsedProof[]> => {
  const key = logInKeyOf(nonce)
  if (key === undefined) return granted([])
  const verified = verifyLogInProof(proof, facts, facts.now)
  if (!verified.ok) return logInRefused(verified.reason)
  if (verified.holder !== key) return logInRefused('one by another key')
  return granted([usedOf(verified, facts.now, secrets)])
}

const logInRefused = (got: string): Answer<never> =>
  refused(
    'HOLDER_REFUSED',
    `DPoP-Log-In: expected a proof by the key that the human logged in for, got ${got}; log in again`,
  )

/** The token of a session whose agent asks, and the proof that the session's key is there. */
export const proveParent = (
  text: string,
  proof: string | undefined,
  { url, now }: ProofFacts,
  ports: { readonly secrets: Secrets; readonly verifier: TokenVerifier },
): Answer<{ readonly token: SessionToken; readonly used: UsedProof }> => {
  // A token is for one server, and any of the session's shows the session.
  const verified = ports.verifier.verify(text, serverOf(text), now)
  if (!verified.ok)
    return refused(
      'SUBJECT_REFUSED',
      `subject_token: expected a session token of this issuer, got ${verified.reason}`,
    )
  const proven = proveRequest(proof ?? '', { url, now, tokenText: text }, ports.secrets)
  if (!proven.ok)
    return refused(proven.refusal.code, proven.refusal.message.replace(/^DPoP:/, 'DPoP-Parent:'))
  return proven.value.holder === verified.token.holder
    ? granted({ token: verified.token, used: proven.value.used })
    : refused('HOLDER_REFUSED', "DPoP-Parent: expected a proof by the parent token's key, got one by another")
}

const serverOf = (text: string): string => {
  const payload = parseCompactJws(text)?.payload.toString('utf8')
  const audience = payload === undefined ? undefined : parseStrictJsonObject(payload)?.['aud']
  return typeof audience === 'string' ? audience.replace(/^urn:cordon:server:/, '') : ''
}
