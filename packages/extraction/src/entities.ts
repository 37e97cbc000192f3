import { findEntities } from './entity-search.ts'
import type { EntityExtraction, EntityOptions } from './extracted-entity.ts'
import { impliedByNothing, impliedByResult } from './implied-entities.ts'

/** More than a record carries: what it has no place for goes into its wording. */
const maxOfResult = 256

/**
 * The entities of a result, any JSON value or text: e-mail addresses, URLs and their hosts, account numbers, file paths,
 * identifiers; and what these imply. Time is linear in the size and bounded; never throws.
 */
export const extractEntities = (value: unknown, options: EntityOptions = {}): EntityExtraction =>
  findEntities(value, impliedByResult, { limit: maxOfResult, ...options })

/** The entities that stand in a value, and nothing that they imply: an argument that only mentions a thing goes nowhere. */
export const extractMentions = (value: unknown, options: EntityOptions = {}): EntityExtraction =>
  findEntities(value, impliedByNothing, options)
