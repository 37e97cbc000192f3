import type { CallFacts, EntryFacts, ShownFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'
import { driftOf } from '../drift.ts'

/**
 * Is the tool the one that was approved? A catalogue can pin its definition: what the server lists instead says to a model what
 * nobody looked at. Recorded calls went to no server that could have listed anything.
 */
export const checkDefinition: Check<CallFacts & EntryFacts & Partial<ShownFacts>, object> = {
  name: 'check-definition',
  run({ call, entry, shown }) {
    const { definition: pin } = entry
    if (pin === undefined || shown === undefined) return pass({})
    const tool = `${call.server}/${call.tool}`
    if (call.definition === undefined) {
      return refuse(
        deny(
          'TOOL_UNLISTED',
          `The catalogue pins the definition of ${tool}, and its server did not list it to this session. List its tools first (tools/list).`,
        ),
      )
    }
    if (driftOf(call, entry) !== 'unpinned') return pass({})
    return refuse(
      deny(
        'TOOL_DRIFTED',
        `The definition of ${tool} changed: expected ${pin}, which the catalogue pins, got ${call.definition}. An operator has to look at it.`,
      ),
    )
  },
}
