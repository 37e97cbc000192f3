import type { InvocationAttempted, Standing, Verdict } from '@cordon/schemas'

import type { Expectations } from '../signals/expectations.ts'
import type { ProvenanceFinding } from '../signals/provenance-nats.ts'
import type { Taint } from '../signals/provenance-signal.ts'
import { verdicts } from './verdicts.ts'

/** Whether the gate rule holds a call: a foreign target that is rare enough for the tool, in mode `gate`. */
export const isGated = (
  { gateNats }: Expectations,
  { mode }: InvocationAttempted,
  taint: Taint | undefined,
  { nats }: ProvenanceFinding,
): boolean => mode === 'gate' && taint?.foreign === true && nats >= gateNats

/**
 * What the gate rule adds to the standing: a foreign target that came out of a result waits for a step-up before it gets
 * into a gated tool, whatever the score.
 */
export const verdictOn = (standing: Standing, gated: boolean): Verdict => {
  const verdict = verdicts[standing]
  return verdict === 'forward' && gated ? 'hold' : verdict
}
