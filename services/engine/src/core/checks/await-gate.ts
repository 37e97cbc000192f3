import type { Verdict } from '@cordon/schemas'

import type { AttemptFacts, GateFacts } from '../call-facts.ts'
import type { Check, Refused } from '../check.ts'
import { deny, hold, pass, refuse } from '../check.ts'

const refusals: Readonly<Record<Exclude<Verdict, 'forward'>, Refused>> = {
  deny: deny(
    'GATE_REFUSED',
    'The scorer judged this call and denied it, because of what this session did before.',
  ),
  hold: hold(
    'GATE_REFUSED',
    'The scorer asks for the approval of the human for this call. Approval does not exist yet, so the call is denied.',
  ),
}

/**
 * A gated call waits for the scorer's verdict on itself. No verdict in time is a refusal: a gate is for calls that must
 * not happen unjudged, so `isSensitive` holds for all of them.
 */
export const awaitGate: Check<AttemptFacts, GateFacts> = {
  name: 'await-gate',
  async run({ expectedVerdict }) {
    if (expectedVerdict === undefined) return pass({})
    const gateVerdict = await expectedVerdict.arrived
    if (gateVerdict === undefined) {
      return refuse(
        deny(
          'GATE_TIMEOUT',
          'The scorer did not judge this call in time, so it is not forwarded. Try again.',
        ),
      )
    }
    const { verdict } = gateVerdict
    return verdict === 'forward' ? pass({ gateVerdict }) : refuse(refusals[verdict], { gateVerdict })
  },
}
