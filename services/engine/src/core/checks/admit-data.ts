import { answerMethod } from '../downstream-call.ts'
import type { BundleFacts, CallFacts, MethodFacts, PrincipalFacts, SessionFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { pass } from '../check.ts'
import { applyStanding } from './apply-standing.ts'
import { checkFreshness } from './check-freshness.ts'
import { limitRate } from './limit-rate.ts'
import { runAsData } from './run-as-data.ts'

type Needs = CallFacts & MethodFacts & PrincipalFacts & BundleFacts & SessionFacts

/** What calls nothing, and yet tells the server whatever the agent likes: values, results, and texts of how far it is. */
const carrying: ReadonlySet<string> = new Set([
  'completion/complete',
  answerMethod,
  'notifications/progress',
  'notifications/tasks/status',
])

/** May the session send data now? Without it what a standing or the rate stops as a call would leave as a question or an answer. */
export const admitData: Check<Needs, object> = {
  name: 'admit-data',
  run(facts, ports) {
    if (!carrying.has(facts.method)) return pass({})
    return runAsData([limitRate, applyStanding, checkFreshness], facts, ports)
  },
}
