import type { CatalogueEntry } from '@cordon/policy'
import type { Entity } from '@cordon/schemas'

import type { CallArguments, Extraction } from '../ports.ts'

/** As many as a record carries; more counts as tainted, so cutting hides nothing. */
const maxEntities = 64

/**
 * The entities that a call's arguments carry, those that name what it acts on first: where there are too many, they are
 * what is kept. Where the catalogue names no argument, every one is a target.
 */
export const argumentEntities = (
  extractors: CatalogueEntry['resources'],
  args: CallArguments,
  extraction: Pick<Extraction, 'entities' | 'targets' | 'fingerprint'>,
): { readonly entities: readonly Entity[]; readonly overflow: boolean } => {
  const targets = extraction.targets(extractors, args)
  // Without extractors the targets are all that stands there, and what it implies: to read it twice would tell nothing more.
  const all = extractors.length === 0 ? targets : extraction.entities(args)
  const found = new Map<string, Entity>()
  for (const [extracted, target] of [
    [targets, true],
    [all, extractors.length === 0],
  ] as const) {
    for (const { kind, value } of extracted.entities) {
      const key = `${kind}\0${value}`
      if (!found.has(key)) found.set(key, { kind, fingerprint: extraction.fingerprint(kind, value), target })
    }
  }
  const entities = [...found.values()]
  return {
    entities: entities.slice(0, maxEntities),
    overflow: all.overflow || targets.overflow || entities.length > maxEntities,
  }
}
