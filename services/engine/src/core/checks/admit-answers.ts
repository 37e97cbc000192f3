import type { BundleFacts, CallFacts, PrincipalFacts, SessionFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { pass } from '../check.ts'
import { applyStanding } from './apply-standing.ts'
import { checkFreshness } from './check-freshness.ts'
import { runAsData } from './run-as-data.ts'

/**
 * May the session send data now, where a call carries answers to what its server asked (MCP 2026-07-28), or much in `_meta`? They are no
 * arguments, so nothing of them is judged or on record: within a low read they would leave whatever the standing. The rate has counted them.
 */
export const admitAnswers: Check<CallFacts & PrincipalFacts & BundleFacts & SessionFacts, object> = {
  name: 'admit-answers',
  run(facts, ports) {
    return facts.call.hasAnswers === true
      ? runAsData([applyStanding, checkFreshness], facts, ports)
      : pass({})
  },
}
