import type { Entity, EntityKind } from '@cordon/schemas'

import { findEntities } from './entity-search.ts'
import { impliedByArgument } from './implied-entities.ts'

/**
 * What is on record of what a human asked for: fingerprints of the entities that their own words name, and of what these imply.
 * Read as targets are, so that a call that goes where the human said meets all of its targets there. 64 at most: what finds no
 * room counts as not asked for.
 * @param fingerprint under the deployment's key
 */
export const declaredIntent = (
  request: string,
  fingerprint: (kind: EntityKind, value: string) => number,
): readonly Entity[] =>
  findEntities(request, impliedByArgument, {}).entities.map(({ kind, value }) => ({
    kind,
    fingerprint: fingerprint(kind, value),
    target: false,
  }))
