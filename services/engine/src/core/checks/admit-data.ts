import type { CatalogueEntry } from '@cordon/policy'

import { answerMethod } from '../downstream-call.ts'
import type { BundleFacts, CallFacts, MethodFacts, PrincipalFacts, SessionFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { pass } from '../check.ts'
import { applyStanding } from './apply-standing.ts'
import { checkFreshness } from './check-freshness.ts'
import { limitRate } from './limit-rate.ts'

type Needs = CallFacts & MethodFacts & PrincipalFacts & BundleFacts & SessionFacts

/** What calls nothing, and yet tells the server whatever the agent likes. */
const carrying: ReadonlySet<string> = new Set(['completion/complete', answerMethod])

/** As a tool that the catalogue calls sensitive: it may take anything anywhere. */
const entry: CatalogueEntry = { readOnly: false, sensitivity: 2, mode: 'enforce', resources: [] }

const ofEach = [limitRate, applyStanding, checkFreshness] as const

/** May the session send data now? Without it what a standing or the rate stops as a call would leave as a question or an answer. */
export const admitData: Check<Needs, object> = {
  name: 'admit-data',
  async run(facts, ports) {
    if (!carrying.has(facts.method)) return pass({})
    const asked = { ...facts, entry }
    for (const { run } of ofEach) {
      const result = await run(asked, ports)
      if (result.refused !== undefined) return result
    }
    return pass({})
  },
}
