import type { EntityKind } from '@cordon/schemas'

/** A value that can carry an instruction from a result into an argument, normalised: equal values are the same thing. */
export interface ExtractedEntity {
  readonly kind: EntityKind
  readonly value: string
}

/** What was found in a value. */
export interface EntityExtraction {
  /** Without repetitions: what is written, in the order of its first mention; then what it implies, as far as it fits. */
  readonly entities: readonly ExtractedEntity[]
  /** There was more written than the bounds allow to read. */
  readonly overflow: boolean
}

/** How much is looked for. */
export interface EntityOptions {
  /** More entities than this are an overflow. */
  readonly limit?: number
}
