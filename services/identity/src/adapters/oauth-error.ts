import type { Refusal, RefusalCode } from '../core/refusal.ts'
import type { HttpAnswer } from './http-answer.ts'

/** RFC 6749 §5.2, RFC 8693 §2.2.2, RFC 8707 §2, RFC 9449 §5; `temporarily_unavailable` with 503. */
type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'invalid_target'
  | 'invalid_dpop_proof'
  | 'temporarily_unavailable'

const errors: Readonly<Record<RefusalCode, OAuthError>> = {
  REQUEST_INVALID: 'invalid_request',
  PROOF_MISSING: 'invalid_dpop_proof',
  PROOF_INVALID: 'invalid_dpop_proof',
  PROOF_REPLAYED: 'invalid_dpop_proof',
  HOLDER_REFUSED: 'invalid_dpop_proof',
  BUNDLE_MISSING: 'temporarily_unavailable',
  SUBJECT_REFUSED: 'invalid_grant',
  HUMAN_LOGGED_OUT: 'invalid_grant',
  ROLE_UNKNOWN: 'invalid_grant',
  ACTOR_REFUSED: 'invalid_client',
  AGENT_UNKNOWN: 'unauthorized_client',
  PLATFORM_REFUSED: 'unauthorized_client',
  DEPLOYER_UNKNOWN: 'unauthorized_client',
  CODE_UNKNOWN: 'unauthorized_client',
  MANIFEST_CHANGED: 'invalid_grant',
  DELEGATION_TOO_DEEP: 'unauthorized_client',
  TOOLS_REFUSED: 'invalid_target',
  SERVER_REFUSED: 'invalid_target',
  INTENT_REFUSED: 'invalid_request',
  REVOKED: 'invalid_grant',
  TOKEN_TOO_LARGE: 'invalid_request',
  LIMIT_REACHED: 'temporarily_unavailable',
  LOG_UNAVAILABLE: 'temporarily_unavailable',
  PROVIDER_UNAVAILABLE: 'temporarily_unavailable',
  DATABASE_UNAVAILABLE: 'temporarily_unavailable',
  DECISION_MISSING: 'temporarily_unavailable',
  DECISIONS_STALE: 'temporarily_unavailable',
  SESSION_UNKNOWN: 'invalid_grant',
  SESSION_SUSPENDED: 'invalid_grant',
  SESSION_ENDED: 'invalid_grant',
}

/** The error as OAuth clients read it; `code` says more exactly what it is. */
export const oauthError = ({ code, message, retryAfterSeconds = 1 }: Refusal): HttpAnswer => {
  const error = errors[code]
  const isLater = error === 'temporarily_unavailable'
  return {
    // RFC 6585 §4: it is whoever asks, not the service, that has to wait.
    status: code === 'LIMIT_REACHED' ? 429 : isLater ? 503 : 400,
    body: { error, error_description: printable(message), code },
    headers: { 'cache-control': 'no-store', ...(isLater && { 'retry-after': String(retryAfterSeconds) }) },
  }
}

// RFC 6749 §5.2 leaves quotation marks, backslashes and all beyond ASCII out.
const printable = (message: string): string =>
  message.replaceAll('"', "'").replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?')
