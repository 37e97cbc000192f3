import type { JsonField } from './json-field.ts'
import { encodeKeys, parseKeys } from './key-list.ts'
import type { OriginRow } from './origin-counts.ts'

/** As they stand in a JSON document. */
export const storedOrigins = (rows: readonly OriginRow[]): unknown =>
  encodeKeys(rows.flatMap(({ tool, key, count }) => [tool, key, count]))

/**
 * @param origins undefined in what was stored before these were counted
 * @throws RiskError `BASELINES_MALFORMED`
 */
export const parseOrigins = (origins: JsonField | undefined): readonly OriginRow[] => {
  if (origins === undefined) return []
  const numbers = parseKeys(origins)
  if (numbers.length % 3 !== 0) throw origins.problem('rows of three numbers')
  return Array.from({ length: numbers.length / 3 }, (_, row) => ({
    tool: numbers[3 * row]!,
    key: numbers[3 * row + 1]!,
    count: Math.max(0, numbers[3 * row + 2]!),
  }))
}
