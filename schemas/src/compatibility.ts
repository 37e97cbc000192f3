import type { Schema } from 'avsc'
import avsc from 'avsc'

/** A version of a schema that records in topics may have been written with. */
export interface ReleasedSchema {
  /** Counts from 1. */
  readonly version: number
  readonly schema: string
}

/**
 * Why a schema is not FULL_TRANSITIVE compatible: it must read what every released version wrote, and every released
 * version must read what it writes, because services of different age work side by side on the same topics.
 *
 * @returns one line per version and direction; empty where the schema is compatible
 */
export const compatibilityProblems = (schema: string, released: readonly ReleasedSchema[]): string[] =>
  released.flatMap(({ version, schema: old }) => [
    ...readingProblem(schema, old, `it cannot read what version ${version} wrote`),
    ...readingProblem(old, schema, `version ${version} cannot read what it writes`),
  ])

const readingProblem = (reader: string, writer: string, consequence: string): string[] => {
  try {
    parse(reader).createResolver(parse(writer))
    return []
  } catch (error) {
    return [`${consequence}: ${error instanceof Error ? error.message : String(error)}`]
  }
}

const parse = (schema: string): avsc.Type => avsc.Type.forSchema(JSON.parse(schema) as Schema)
