import type { RefusalReason } from '@cordon/engine-socket'

import type { Judgement } from './session-fact.ts'

const words: Readonly<Record<RefusalReason, string>> = {
  TOKEN_MISSING: 'the call came without a token',
  TOKEN_INVALID: 'the token is not one that this engine takes',
  TOKEN_EXPIRED: 'the token has expired',
  TOKEN_AUDIENCE: 'the token is for another server',
  PROOF_MISSING: 'the request came without a proof by the key of its session',
  PROOF_INVALID: 'the proof is not one of this request by the key of its session',
  PROOF_NONCE: 'the proof is for another engine, or for one before a restart',
  PROOF_REPLAYED: 'the proof was used before',
  REVOKED: 'an operator has stopped who calls, or what is called',
  SESSION_UNKNOWN: 'the engine knows of no such session',
  SESSION_STALE: 'the engine has not heard from the scorer for too long to let this call through',
  SESSION_READ_ONLY: 'the session may only read what is not sensitive',
  SESSION_SUSPENDED: 'the session is suspended',
  SESSION_ENDED: 'the session has ended',
  STEP_UP_REQUIRED: 'changes and sensitive calls need an approval now, and approvals do not exist yet',
  TOOL_UNKNOWN: 'the tool is not in the catalogue',
  TOOL_NOT_GRANTED: 'the session was not granted this tool',
  TOOL_DRIFTED: 'the definition of the tool is not the one that the catalogue pins',
  TOOL_UNLISTED: 'the definition of the tool is pinned, and its server has not listed it to the session',
  ARGUMENTS_INVALID: 'the arguments are none that can be judged',
  GATE_REFUSED: 'the scorer held this call',
  RATE_LIMITED: 'the session makes more calls than one session may',
  GATE_TIMEOUT: 'the scorer did not judge this call in time',
  RECORDING_FAILED: 'the attempt could not be put on record',
  RECORD_UNWRITABLE: 'what the call would leave on record cannot be written',
  BUNDLE_MISSING: 'the engine has no valid bundle',
  ENGINE_UNAVAILABLE: 'the engine could not be reached',
}

/** What a refusal says, for people. @param judgement that it rests on, where there is one and it is known */
export const refusalInWords = (reason: string, judgement: Judgement | undefined): string => {
  if (!Object.hasOwn(words, reason)) return 'no decision of the scorer'
  const fact = reason === 'GATE_REFUSED' ? decisiveFact(judgement) : undefined
  const text =
    reason === 'GATE_REFUSED' && judgement?.verdict === 'deny'
      ? 'the scorer denied this call'
      : words[reason as RefusalReason]
  return fact === undefined ? text : `${text}: ${fact}`
}

/** A session in good standing is held for where a target came from (the gate rule), any other for what weighs most. */
const decisiveFact = (judgement: Judgement | undefined): string | undefined => {
  const { standing, contributions = [] } = judgement ?? {}
  const strongest = contributions.toSorted((a, b) => b.nats - a.nats)[0]
  const origin = contributions.find(({ signal }) => signal === 'provenance')
  return (standing === 'trusted' ? (origin ?? strongest) : strongest)?.fact
}
