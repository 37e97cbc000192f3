import type { CatalogueEntry } from '@cordon/policy'

import type { CheckPorts } from '../../ports.ts'
import type { CallFacts, EntryFacts } from '../call-facts.ts'
import type { Check, CheckResult } from '../check.ts'
import { pass } from '../check.ts'

/** As a tool that the catalogue calls sensitive: it may take anything anywhere. */
const entry: CatalogueEntry = { readOnly: false, sensitivity: 2, mode: 'enforce', resources: [] }

/** Checks of what is no call, or comes beside one, and tells the server whatever the agent likes. */
export const runAsData = async <Facts extends CallFacts>(
  checks: readonly Check<Facts & EntryFacts, object>[],
  facts: Facts,
  ports: CheckPorts,
): Promise<CheckResult<object>> => {
  const asked = { ...facts, entry }
  for (const { run } of checks) {
    const result = await run(asked, ports)
    if (result.refused !== undefined) return result
  }
  return pass({})
}
