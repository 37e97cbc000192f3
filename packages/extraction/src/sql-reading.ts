import { hash } from 'node:crypto'

import { CordonError } from '@cordon/foundation'
import { loadModule, parseSync } from 'libpg-query'

import { createBoundedCache } from './bounded-cache.ts'
import { sketchSql } from './sql-sketch.ts'
import { readSqlTree, type SqlReading } from './sql-tree.ts'

export type ExtractionErrorCode = 'EXTRACTION_NOT_LOADED'

/** Parses in some 20 ms at worst; statements that agents write are a hundredth of it. */
const maxSqlCharacters = 32 * 1024

/** Agents repeat their statements; a reading is a few hundred bytes. */
const cachedReadings = 2048

let loaded = false
const readings = createBoundedCache<SqlReading>(cachedReadings)

/** Loads PostgreSQL's parser (WebAssembly); once, before the first extraction. */
export const loadExtraction = async (): Promise<void> => {
  await loadModule()
  loaded = true
}

/**
 * What the statements of an SQL text touch and do. A text that PostgreSQL would not parse reads as the operation
 * `unparsable`, and as what its words tell: the server may understand it where we do not.
 * @throws CordonError `EXTRACTION_NOT_LOADED`
 */
export const readSql = (sql: string): SqlReading => {
  if (!loaded)
    throw new CordonError<ExtractionErrorCode>(
      'EXTRACTION_NOT_LOADED',
      'extraction: expected loadExtraction() to have resolved, got a statement before',
    )
  if (sql.length > maxSqlCharacters) return unparsable(sql.slice(0, maxSqlCharacters))
  const digest = hash('sha256', sql, 'base64url')
  const known = readings.get(digest)
  if (known !== undefined) return known
  const reading = parse(sql)
  readings.set(digest, reading)
  return reading
}

const parse = (sql: string): SqlReading => {
  try {
    return readSqlTree(parseSync(sql).stmts ?? []) ?? unparsable(sql)
  } catch {
    // The parser throws on every text that is no SQL, which is not our fault to report, and on the empty one.
    return unparsable(sql)
  }
}

const unparsable = (sql: string): SqlReading => {
  const { tables, operations } = sketchSql(sql)
  return { tables, operations: ['unparsable', ...operations] }
}
