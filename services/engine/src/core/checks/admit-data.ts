import { mostUnjudgedBytes } from '@cordon/engine-socket'

import type { CheckPorts } from '../../ports.ts'
import { answerMethod } from '../downstream-call.ts'
import type { BundleFacts, CallFacts, MethodFacts, PrincipalFacts, SessionFacts } from '../call-facts.ts'
import type { Check, CheckResult } from '../check.ts'
import { refuse } from '../check.ts'
import { applyStanding } from './apply-standing.ts'
import { checkFreshness } from './check-freshness.ts'
import { limitMessages } from './limit-messages.ts'
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

/** Any other message has a place where the agent may write what it likes too: a cursor, a reason, an address, `_meta`. */
const isLarge = ({ call }: CallFacts): boolean => (call.bytes ?? 0) > mostUnjudgedBytes

/** May the session send data now? Without it what a standing or the rate stops as a call would leave as a question or an answer. */
export const admitData: Check<Needs, object> = {
  name: 'admit-data',
  run(facts, ports) {
    if (carrying.has(facts.method)) return runAsData(dataChecks, facts, ports)
    return isLarge(facts) ? admitLarge(facts, ports) : limitMessages.run(facts, ports)
  },
}

const dataChecks = [limitRate, applyStanding, checkFreshness]

const admitLarge = async (facts: Needs, ports: CheckPorts): Promise<CheckResult<object>> => {
  const { adds, refused } = await runAsData(dataChecks, facts, ports)
  if (refused === undefined) return { adds }
  const message = `${refused.message} It is about a message of more than ${mostUnjudgedBytes} bytes, which counts as data that leaves.`
  return refuse({ ...refused, message })
}
