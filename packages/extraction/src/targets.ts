import type { ResourceExtractor } from '@cordon/policy'

import { argumentValues } from './argument-values.ts'
import { findEntities } from './entity-search.ts'
import type { EntityExtraction, EntityOptions } from './extracted-entity.ts'
import { impliedByArgument } from './implied-entities.ts'
import { extractResources } from './resources.ts'

/**
 * The entities that say what a call acts on: what stands in the arguments that the catalogue entry names (in all of them
 * where it names none), the true names of the resources there, and what both imply. PostgreSQL reads `U&"\0061"` as `a`,
 * and so does this.
 * @throws CordonError `EXTRACTION_NOT_LOADED` where SQL is to be read before `loadExtraction`
 */
export const extractTargets = (
  extractors: readonly ResourceExtractor[],
  args: Readonly<Record<string, unknown>>,
  options: EntityOptions = {},
): EntityExtraction => {
  const written = extractors.flatMap(({ argument }) => argumentValues(args, argument))
  const resources = extractResources(extractors, args).map(({ name }) => name)
  return findEntities(extractors.length === 0 ? args : [...written, ...resources], impliedByArgument, options)
}
