import type { InvocationAttempted } from '@cordon/schemas'

import type { BundleFacts, CallFacts, ClassifiedFacts, PrincipalFacts, ProofFacts } from './call-facts.ts'
import { driftOf } from './drift.ts'

/** @param sequence counts the session's attempts at this engine, from 0 */
export const attemptRecord = (
  {
    call,
    principal,
    bundle,
    entry,
    classified,
    invocationId,
    engineId,
    now,
    proven,
  }: CallFacts & PrincipalFacts & Partial<ProofFacts> & BundleFacts & ClassifiedFacts,
  sequence: number,
): InvocationAttempted => ({
  sessionId: principal.sessionId,
  invocationId,
  sequence,
  attemptedAt: now,
  engineId,
  server: call.server,
  tool: `${call.server}/${call.tool}`,
  mode: entry.mode,
  readOnly: entry.readOnly,
  sensitivity: entry.sensitivity,
  ...classified,
  tokenId: principal.tokenId,
  bundleVersion: bundle.version,
  proof: proven?.proof ?? null,
  proofSequence: proven?.sequence ?? null,
  drift: driftOf(call, entry),
})
