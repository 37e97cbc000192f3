import { grantsTool } from '@cordon/tokens'

import type { CallFacts, PrincipalFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'

/** Was this tool granted to the session? After `classify`: reaching for more than was granted is behaviour, and is recorded. */
export const checkGrant: Check<CallFacts & PrincipalFacts, object> = {
  name: 'check-grant',
  run({ call, principal }) {
    if (grantsTool(principal, call.tool)) return pass({})
    return refuse(
      deny(
        'TOOL_NOT_GRANTED',
        `This session was not granted ${call.server}/${call.tool}. Open one that asks for it.`,
      ),
    )
  },
}
