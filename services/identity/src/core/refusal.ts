/** Why identity does not do what was asked. */
export type RefusalCode =
  | 'BUNDLE_MISSING'
  | 'ROLE_UNKNOWN'
  | 'TOOLS_REFUSED'
  | 'TOKEN_TOO_LARGE'
  | 'LOG_UNAVAILABLE'
  | 'DECISION_MISSING'
  | 'DECISIONS_STALE'
  | 'SESSION_UNKNOWN'
  | 'SESSION_NOT_HELD'
  | 'SESSION_SUSPENDED'
  | 'SESSION_ENDED'

interface Refusal {
  readonly code: RefusalCode
  /** What was expected and got, for whoever asked. */
  readonly message: string
}

/** What was asked for, or why not. */
export type Answer<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly refusal: Refusal }

export const granted = <Value>(value: Value): Answer<Value> => ({ ok: true, value })

export const refused = (code: RefusalCode, message: string): Answer<never> => ({
  ok: false,
  refusal: { code, message },
})
