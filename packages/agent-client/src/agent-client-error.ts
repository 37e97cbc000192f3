import { CordonError } from '@cordon/foundation'

export type AgentClientErrorCode =
  /** A secret would travel in the open. */
  | 'URL_INSECURE'
  | 'TOOLS_INVALID'
  /** No answer, or one that says "later", after all attempts. */
  | 'IDENTITY_UNAVAILABLE'
  | 'IDENTITY_ANSWER_MALFORMED'
  /** The subject token is not accepted: expired, withdrawn, of somebody unknown (`invalid_grant`). */
  | 'SUBJECT_REFUSED'
  /** Something was asked for that is not granted (`invalid_target`, `invalid_scope`). */
  | 'TOOLS_REFUSED'
  /** The attestation is not accepted (`invalid_client`, `unauthorized_client`). */
  | 'ATTESTATION_REFUSED'
  /** The proof of the holder's key is not accepted (`invalid_dpop_proof`): most often a clock that is off. */
  | 'PROOF_REFUSED'
  /** Nothing is given now: the session is suspended, or the agent or human revoked. What was begun is not over. */
  | 'SESSION_DENIED'
  /** Every other refusal. */
  | 'REQUEST_REFUSED'
  | 'SESSION_ENDED'
  /** A request that no proof can be made for. */
  | 'REQUEST_UNPROVABLE'

/** What every error of this package is; `refusal` holds the words of the identity service, where it refused. */
export class AgentClientError extends CordonError<AgentClientErrorCode> {
  readonly refusal: OAuthRefusal | undefined

  constructor(
    code: AgentClientErrorCode,
    message: string,
    options: { retryable?: boolean; cause?: unknown; refusal?: OAuthRefusal } = {},
  ) {
    super(code, message, options)
    this.refusal = options.refusal
  }
}

/** An error answer of RFC 6749 §5.2. */
export interface OAuthRefusal {
  readonly error: string
  /** Cordon's own, more exact code. */
  readonly code?: string
  /** Names what was refused and by whom. */
  readonly description?: string
}
