import type { RefusalReason } from '@cordon/engine-socket'

/** Refusals that rest on what the scorer made of the session. */
type JudgedReason = 'SESSION_READ_ONLY' | 'SESSION_SUSPENDED' | 'STEP_UP_REQUIRED' | 'GATE_REFUSED'

const words: Readonly<Record<Exclude<RefusalReason, JudgedReason>, string>> = {
  TOKEN_MISSING: 'the call came without a token',
  TOKEN_INVALID: 'the token is not one that this engine takes',
  TOKEN_EXPIRED: 'the token has expired',
  TOKEN_AUDIENCE: 'the token is for another server',
  SESSION_UNKNOWN: 'the engine knows of no such session',
  SESSION_STALE: 'the engine has not heard from the scorer for too long to let this call through',
  SESSION_ENDED: 'the session has ended',
  TOOL_UNKNOWN: 'the tool is not in the catalogue',
  TOOL_NOT_GRANTED: 'the session was not granted this tool',
  ARGUMENTS_INVALID: 'the arguments are none that can be judged',
  GATE_TIMEOUT: 'the scorer did not judge this call in time',
  RECORDING_FAILED: 'the attempt could not be put on record',
  BUNDLE_MISSING: 'the engine has no valid bundle',
  ENGINE_UNAVAILABLE: 'the engine could not be reached',
}

const judged: ReadonlySet<string> = new Set<JudgedReason>([
  'SESSION_READ_ONLY',
  'SESSION_SUSPENDED',
  'STEP_UP_REQUIRED',
  'GATE_REFUSED',
])

/** Why a call was refused, where no decision of the scorer says it; `undefined` where one does. */
export const refusalInWords = (reason: string): string | undefined => {
  if (judged.has(reason)) return undefined
  return Object.hasOwn(words, reason) ? words[reason as keyof typeof words] : 'no decision of the scorer'
}
