import type { CatalogueEntry } from '@cordon/policy'
import type { Drift } from '@cordon/schemas'

import type { Call } from './call-facts.ts'

/** How the definition of a call's tool differs from what was approved, or shown; of a tool that was not listed nobody can say. */
export const driftOf = (
  { definition, isDefinitionChanged }: Pick<Call, 'definition' | 'isDefinitionChanged'>,
  { definition: pin }: Pick<CatalogueEntry, 'definition'>,
): Drift => {
  if (pin !== undefined && definition !== undefined && definition !== pin) return 'unpinned'
  return isDefinitionChanged === true ? 'changed' : 'none'
}
