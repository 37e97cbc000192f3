/** Why identity does not do what was asked. */
export type RefusalCode =
  | 'REQUEST_INVALID'
  | 'PROOF_MISSING'
  | 'PROOF_INVALID'
  | 'PROOF_REPLAYED'
  | 'BUNDLE_MISSING'
  | 'SUBJECT_REFUSED'
  | 'HUMAN_LOGGED_OUT'
  | 'ROLE_UNKNOWN'
  | 'ACTOR_REFUSED'
  | 'HOLDER_REFUSED'
  | 'AGENT_UNKNOWN'
  | 'PLATFORM_REFUSED'
  | 'DEPLOYER_UNKNOWN'
  | 'CODE_UNKNOWN'
  | 'MANIFEST_CHANGED'
  | 'DELEGATION_TOO_DEEP'
  | 'TOOLS_REFUSED'
  | 'SERVER_REFUSED'
  | 'INTENT_REFUSED'
  | 'REVOKED'
  | 'TOKEN_TOO_LARGE'
  | 'LIMIT_REACHED'
  | 'LOG_UNAVAILABLE'
  | 'PROVIDER_UNAVAILABLE'
  | 'DATABASE_UNAVAILABLE'
  | 'DECISION_MISSING'
  | 'DECISIONS_STALE'
  | 'SESSION_UNKNOWN'
  | 'SESSION_SUSPENDED'
  | 'SESSION_ENDED'

export interface Refusal {
  readonly code: RefusalCode
  /** What was expected and got, for whoever asked. */
  readonly message: string
  /** When it is worth asking again, where that is known. */
  readonly retryAfterSeconds?: number
}

/** What was asked for, or why not. */
export type Answer<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly refusal: Refusal }

export const granted = <Value>(value: Value): Answer<Value> => ({ ok: true, value })

export const refused = (code: RefusalCode, message: string, retryAfterSeconds?: number): Answer<never> => ({
  ok: false,
  refusal: { code, message, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
})
