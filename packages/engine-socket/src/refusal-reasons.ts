import type { RefusalReason } from './messages.ts'

/** Every reason there is. */
// Keys of a total record, so that a new one cannot be forgotten here.
export const refusalReasons: readonly [RefusalReason, ...RefusalReason[]] = Object.keys({
  TOKEN_MISSING: true,
  TOKEN_INVALID: true,
  TOKEN_EXPIRED: true,
  TOKEN_AUDIENCE: true,
  PROOF_MISSING: true,
  PROOF_INVALID: true,
  PROOF_NONCE: true,
  PROOF_REPLAYED: true,
  REVOKED: true,
  SESSION_UNKNOWN: true,
  SESSION_STALE: true,
  SESSION_ENDED: true,
  SESSION_SUSPENDED: true,
  SESSION_READ_ONLY: true,
  STEP_UP_REQUIRED: true,
  TOOL_UNKNOWN: true,
  TOOL_NOT_GRANTED: true,
  TOOL_DRIFTED: true,
  TOOL_UNLISTED: true,
  ARGUMENTS_INVALID: true,
  GATE_REFUSED: true,
  RATE_LIMITED: true,
  GATE_TIMEOUT: true,
  RECORDING_FAILED: true,
  RECORD_UNWRITABLE: true,
  BUNDLE_MISSING: true,
  ENGINE_UNAVAILABLE: true,
} satisfies Record<RefusalReason, true>) as [RefusalReason, ...RefusalReason[]]
